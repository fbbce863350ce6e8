using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>The bytes that members of classic consumer groups send each other, and the leader's assignor.</summary>
internal static class MemberAssignments
{
    private const short Version = 1;

    public static byte[] Subscribe(string topic) =>
        VersionPrefixCodec.Encode(new ConsumerProtocolSubscription { Topics = [topic] }, Version);

    public static IReadOnlyList<string> SubscriptionOf(ReadOnlyMemory<byte> bytes)
    {
        var subscription = new ConsumerProtocolSubscription();
        return VersionPrefixCodec.TryDecodeLenient(bytes, subscription, out _, out _) ? subscription.Topics : [];
    }

    public static byte[] Encode(IEnumerable<PartitionId> partitions) => VersionPrefixCodec.Encode(
        new ConsumerProtocolAssignment
        {
            AssignedPartitions =
            [
                .. partitions.GroupBy(partition => partition.Topic).Select(topic =>
                    new ConsumerProtocolAssignment.TopicPartition
                    {
                        Topic = topic.Key,
                        Partitions = [.. topic.Select(partition => partition.Partition)],
                    }),
            ],
        },
        Version);

    /// <summary>None for no bytes.</summary>
    public static IReadOnlyList<PartitionId> Decode(ReadOnlyMemory<byte> bytes)
    {
        var assignment = new ConsumerProtocolAssignment();
        return bytes.Length > 0 && VersionPrefixCodec.TryDecodeLenient(bytes, assignment, out _, out _)
            ? [.. assignment.AssignedPartitions.SelectMany(topic =>
                topic.Partitions.Select(index => new PartitionId(topic.Topic, index))).Order()]
            : [];
    }

    /// <summary>Each partition to one member, as evenly as can be.</summary>
    public static Dictionary<string, List<PartitionId>> Assign(
        IReadOnlyList<string> memberIds, string topic, int partitions)
    {
        string[] members = [.. memberIds.Order(StringComparer.Ordinal)];
        var assigned = members.ToDictionary(member => member, _ => new List<PartitionId>());
        for (int i = 0; i < partitions; i++)
        {
            assigned[members[i % members.Length]].Add(new PartitionId(topic, i));
        }

        return assigned;
    }
}
