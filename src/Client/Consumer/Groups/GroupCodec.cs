using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>The bytes that members of classic groups exchange through the coordinator.</summary>
internal static class GroupCodec
{
    public const string ProtocolType = "consumer";

    private const short Version = 3;

    public static byte[] EncodeSubscription(
        IEnumerable<string> topics, ReadOnlyMemory<byte>? userData, IEnumerable<TopicPartition> owned, int generation,
        string rack)
    {
        ConsumerProtocolSubscription message = new()
        {
            Topics = [.. topics],
            UserData = userData,
            GenerationId = generation,
            RackId = rack.Length == 0 ? null : rack,
        };
        message.OwnedPartitions.AddRange(owned.GroupBy(partition => partition.Topic).Select(topic =>
            new ConsumerProtocolSubscription.TopicPartition
            {
                Topic = topic.Key,
                Partitions = [.. topic.Select(partition => partition.Partition)],
            }));
        return VersionPrefixCodec.Encode(message, Version);
    }

    /// <summary>A member whose bytes cannot be read subscribes to nothing: it costs itself, not the group.</summary>
    public static AssignorMember DecodeMember(JoinGroupResponse.JoinGroupResponseMember member)
    {
        ConsumerProtocolSubscription message = new();
        if (!VersionPrefixCodec.TryDecodeLenient(member.Metadata.ToArray(), message, out _, out _))
        {
            return new AssignorMember(member.MemberId, []) { InstanceId = member.GroupInstanceId };
        }

        return new AssignorMember(member.MemberId, [.. message.Topics.Distinct()])
        {
            InstanceId = member.GroupInstanceId,
            Rack = message.RackId,
            Generation = message.GenerationId,
            UserData = message.UserData,
            Owned =
            [
                .. message.OwnedPartitions.SelectMany(topic =>
                    topic.Partitions.Select(index => new TopicPartition(topic.Topic, index))),
            ],
        };
    }

    public static byte[] EncodeAssignment(IEnumerable<TopicPartition> partitions)
    {
        ConsumerProtocolAssignment message = new();
        message.AssignedPartitions.AddRange(partitions.GroupBy(partition => partition.Topic).Select(topic =>
            new ConsumerProtocolAssignment.TopicPartition
            {
                Topic = topic.Key,
                Partitions = [.. topic.Select(partition => partition.Partition)],
            }));
        return VersionPrefixCodec.Encode(message, Version);
    }

    /// <summary>Null for bytes that are none; no bytes are no partitions.</summary>
    public static List<TopicPartition>? DecodeAssignment(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolAssignment message = new();
        if (bytes.IsEmpty)
        {
            return [];
        }

        return VersionPrefixCodec.TryDecodeLenient(bytes, message, out _, out _)
            ?
            [
                .. message.AssignedPartitions.SelectMany(topic =>
                    topic.Partitions.Select(index => new TopicPartition(topic.Topic, index))).Distinct(),
            ]
            : null;
    }
}
