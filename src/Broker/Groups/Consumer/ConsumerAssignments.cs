using System.Buffers.Binary;
using System.Collections.Immutable;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>Assignments and subscriptions as members of classic groups of type consumer exchange them.</summary>
internal static class ConsumerAssignments
{
    /// <summary>In the version that the member's own metadata has.</summary>
    /// <param name="metadata">What the member said for its protocol.</param>
    public static byte[] Encode(
        ImmutableSortedSet<TopicIdPartition> partitions, ReadOnlyMemory<byte> metadata, TopicsImage topics)
    {
        ConsumerProtocolAssignment assignment = new()
        {
            AssignedPartitions = [.. partitions.GroupBy(partition => partition.TopicId)
                .Where(topic => topics.ById.ContainsKey(topic.Key))
                .Select(topic => new ConsumerProtocolAssignment.TopicPartition
                {
                    Topic = topics.ById[topic.Key].Name,
                    Partitions = [.. topic.Select(partition => partition.Partition)],
                })],
        };
        short version = metadata.Length < sizeof(short) ? (short)0 : BinaryPrimitives.ReadInt16BigEndian(metadata.Span);
        return VersionPrefixCodec.Encode(
            assignment, Math.Clamp(
                version, ConsumerProtocolAssignment.LowestVersion, ConsumerProtocolAssignment.HighestVersion));
    }

    /// <summary>Null when the bytes make no sense.</summary>
    public static ConsumerProtocolSubscription? Subscription(ReadOnlyMemory<byte> metadata)
    {
        ConsumerProtocolSubscription subscription = new();
        return VersionPrefixCodec.TryDecodeLenient(metadata, subscription, out _, out _) ? subscription : null;
    }

    /// <summary>Null when the bytes make no sense; none are an assignment of nothing.</summary>
    public static ConsumerProtocolAssignment? Assignment(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolAssignment assignment = new();
        return bytes.IsEmpty || VersionPrefixCodec.TryDecodeLenient(bytes, assignment, out _, out _)
            ? assignment
            : null;
    }

    /// <summary>Those of topics that exist.</summary>
    public static ImmutableSortedSet<TopicIdPartition> Partitions(
        IEnumerable<(string Topic, IEnumerable<int> Partitions)> named, TopicsImage topics) =>
        named.SelectMany(topic => topics.TryGet(topic.Topic, out TopicImage? known)
            ? topic.Partitions.Select(index => new TopicIdPartition(known.Id, index))
            : []).ToImmutableSortedSet();
}
