using KRaftSharp.Client;
using KRaftSharp.Client.Consumer.Assignors;

namespace KRaftSharp.Tests.Property.Simulation.Consumers;

/// <summary>As another assignor, but each member is given the first partition too.</summary>
internal sealed class TwoOwnersAssignor(IPartitionAssignor inner, TopicPartition everybodys) : IPartitionAssignor
{
    public string Name => inner.Name;

    public bool IsCooperative => inner.IsCooperative;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<TopicPartition> owned, int generation) =>
        inner.UserData(owned, generation);

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(AssignorInput input)
    {
        IReadOnlyDictionary<string, List<TopicPartition>> assignment = inner.Assign(input);
        foreach (List<TopicPartition> partitions in assignment.Values.Where(
            partitions => !partitions.Contains(everybodys)))
        {
            partitions.Add(everybodys);
        }

        return assignment;
    }
}
