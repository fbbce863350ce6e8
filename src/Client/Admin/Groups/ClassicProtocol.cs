using System.Buffers.Binary;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>What members of classic consumer groups tell one another: a version, then a message of it.</summary>
/// <remarks>Members write it, so it may be anything: what cannot be read counts as nothing.</remarks>
internal static class ClassicProtocol
{
    public static IReadOnlyList<TopicPartition> Assignment(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolAssignment assignment = new();
        return TryRead(bytes, assignment, ConsumerProtocolAssignment.HighestVersion)
            ? [.. from topic in assignment.AssignedPartitions
                  from partition in topic.Partitions
                  select new TopicPartition(topic.Topic, partition)]
            : [];
    }

    public static IReadOnlyList<string> Subscription(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolSubscription subscription = new();
        return TryRead(bytes, subscription, ConsumerProtocolSubscription.HighestVersion) ? subscription.Topics : [];
    }

    private static bool TryRead(ReadOnlyMemory<byte> bytes, IMessage message, short highest)
    {
        if (bytes.Length < sizeof(short)
            || BinaryPrimitives.ReadInt16BigEndian(bytes.Span) is var version && version < 0)
        {
            return false;
        }

        WireReader reader = new(bytes[sizeof(short)..]);
        // A newer version only adds at the end.
        message.Read(ref reader, Math.Min(version, highest));
        return !reader.HasError;
    }
}
