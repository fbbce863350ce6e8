namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>See <see cref="PartitionAssignors.RoundRobin"/>.</summary>
internal sealed class RoundRobinAssignor : IPartitionAssignor
{
    public string Name => "roundrobin";

    public bool IsCooperative => false;

    public ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<TopicPartition> owned, int generation) => null;

    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(AssignorInput input)
    {
        Dictionary<string, List<TopicPartition>> assignment = input.NothingAssigned();
        AssignorMember[] ring = [.. AssignorInput.InOrder(input.Members)];
        HashSet<string>[] topicsOf = [.. ring.Select(member => member.Topics.ToHashSet(StringComparer.Ordinal))];
        int at = 0;
        foreach ((string topic, int count) in input.SubscribedTopics())
        {
            for (int partition = 0; partition < count; partition++)
            {
                while (!topicsOf[at].Contains(topic)) // somebody has it, or it would not be here
                {
                    at = (at + 1) % ring.Length;
                }

                assignment[ring[at].Id].Add(new TopicPartition(topic, partition));
                at = (at + 1) % ring.Length;
            }
        }

        return assignment;
    }
}
