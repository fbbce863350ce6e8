using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The records of consumer groups, made and replayed.</summary>
internal static class ConsumerRecords
{
    public static CoordinatorRecord Epoch(string groupId, int epoch, long hash) => new(
        new ConsumerGroupMetadataKey { GroupId = groupId },
        new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = hash }, 0);

    public static CoordinatorRecord Member(string groupId, ConsumerMember member) => new(
        new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = member.Id },
        new ConsumerGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            SubscribedTopicRegex = member.Regex,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            ServerAssignor = member.ServerAssignor,
            ClassicMemberMetadata = member.Classic is not { } classic ? null : new()
            {
                SessionTimeoutMs = classic.SessionTimeoutMs,
                SupportedProtocols = [.. classic.Protocols.Select(
                    protocol => new ConsumerGroupMemberMetadataValue.ClassicProtocol
                    {
                        Name = protocol.Name,
                        Metadata = protocol.Metadata,
                    })],
            },
        }, 0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long timestampMs) => new(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestampMs },
        0);

    public static CoordinatorRecord Target(
        string groupId, string memberId, ImmutableSortedSet<TopicIdPartition> target) => new(
            new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
            new ConsumerGroupTargetAssignmentMemberValue
            {
                TopicPartitions = [.. target.GroupBy(partition => partition.TopicId).Select(
                    topic => new ConsumerGroupTargetAssignmentMemberValue.TopicPartition
                    {
                        TopicId = topic.Key,
                        Partitions = [.. topic.Select(partition => partition.Partition)],
                    })],
            }, 0);

    public static CoordinatorRecord Current(string groupId, ConsumerMember member) => new(
        new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.Id },
        new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = (sbyte)member.State,
            AssignedPartitions = Topics(member, member.Assigned),
            PartitionsPendingRevocation = Topics(member, member.PendingRevocation),
        }, 0);

    public static CoordinatorRecord Regex(
        string groupId, string regex, ImmutableSortedSet<string> topics, long version, long timestampMs) => new(
            new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = regex },
            new ConsumerGroupRegularExpressionValue
            {
                Topics = [.. topics],
                Version = version,
                Timestamp = timestampMs,
            }, 0);

    public static CoordinatorRecord RegexTombstone(string groupId, string regex) => CoordinatorRecord.Tombstone(
        new ConsumerGroupRegularExpressionKey { GroupId = groupId, RegularExpression = regex });

    public static IEnumerable<CoordinatorRecord> MemberTombstones(string groupId, string memberId) =>
    [
        CoordinatorRecord.Tombstone(
            new ConsumerGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId }),
        CoordinatorRecord.Tombstone(
            new ConsumerGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId }),
        CoordinatorRecord.Tombstone(new ConsumerGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId }),
    ];

    public static IReadOnlyList<CoordinatorRecord> Tombstones(ConsumerGroup group) =>
    [
        .. group.Members.Keys.SelectMany(member => MemberTombstones(group.Id, member)),
        CoordinatorRecord.Tombstone(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group.Id }),
        .. PartitionMetadataTombstone(group),
        .. group.Regexes.Keys.Select(regex => RegexTombstone(group.Id, regex)),
        CoordinatorRecord.Tombstone(new ConsumerGroupMetadataKey { GroupId = group.Id }),
    ];

    /// <summary>Of the record that Kafka before 4.1 kept of a group's topics, if there is one.</summary>
    public static IEnumerable<CoordinatorRecord> PartitionMetadataTombstone(ConsumerGroup group) =>
        group.HasPartitionMetadata
            ? [CoordinatorRecord.Tombstone(new ConsumerGroupPartitionMetadataKey { GroupId = group.Id })]
            : [];

    /// <summary>The group that a record is about; null for records of other kinds.</summary>
    public static string? GroupOf(ICoordinatorRecord key) => key switch
    {
        ConsumerGroupMetadataKey group => group.GroupId,
        ConsumerGroupMemberMetadataKey member => member.GroupId,
        ConsumerGroupTargetAssignmentMetadataKey target => target.GroupId,
        ConsumerGroupTargetAssignmentMemberKey target => target.GroupId,
        ConsumerGroupCurrentMemberAssignmentKey current => current.GroupId,
        ConsumerGroupRegularExpressionKey regex => regex.GroupId,
        ConsumerGroupPartitionMetadataKey metadata => metadata.GroupId,
        _ => null,
    };

    /// <summary>What a record says of a group that exists.</summary>
    public static void Replay(ConsumerGroup group, ICoordinatorRecord key, ICoordinatorRecord? value)
    {
        switch (key)
        {
            case ConsumerGroupMetadataKey when value is ConsumerGroupMetadataValue epoch:
                (group.Epoch, group.MetadataHash) = (epoch.Epoch, epoch.MetadataHash);
                break;
            case ConsumerGroupPartitionMetadataKey:
                group.HasPartitionMetadata = value is not null;
                break;
            case ConsumerGroupMemberMetadataKey member:
                ReplayMember(group, member.MemberId, (ConsumerGroupMemberMetadataValue?)value);
                break;
            case ConsumerGroupTargetAssignmentMetadataKey:
                var target = (ConsumerGroupTargetAssignmentMetadataValue?)value;
                group.TargetEpoch = target?.AssignmentEpoch ?? 0;
                group.TargetTimestampMs = target?.AssignmentTimestamp ?? 0;
                break;
            case ConsumerGroupTargetAssignmentMemberKey member:
                group.SetTarget(member.MemberId, ((ConsumerGroupTargetAssignmentMemberValue?)value)?.TopicPartitions
                    .SelectMany(topic => topic.Partitions.Select(index => new TopicIdPartition(topic.TopicId, index)))
                    .ToImmutableSortedSet());
                break;
            case ConsumerGroupCurrentMemberAssignmentKey member:
                ReplayCurrent(group, member.MemberId, (ConsumerGroupCurrentMemberAssignmentValue?)value);
                break;
            case ConsumerGroupRegularExpressionKey regex:
                group.SetRegex(regex.RegularExpression, ((ConsumerGroupRegularExpressionValue?)value)?.Topics
                    .ToImmutableSortedSet(StringComparer.Ordinal));
                break;
        }
    }

    private static void ReplayMember(ConsumerGroup group, string memberId, ConsumerGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            group.Remove(memberId);
            return;
        }

        ConsumerMember member = group.Members.GetValueOrDefault(memberId) ?? new ConsumerMember(memberId);
        group.Put(member with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            Topics = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
            Regex = value.SubscribedTopicRegex ?? "",
            RebalanceTimeoutMs = value.RebalanceTimeoutMs,
            ServerAssignor = value.ServerAssignor,
            Classic = value.ClassicMemberMetadata is not { } classic ? null : new ClassicMembership(
                classic.SessionTimeoutMs,
                [.. classic.SupportedProtocols.Select(
                    protocol => new ClassicProtocol(protocol.Name, protocol.Metadata))]),
        });
    }

    private static void ReplayCurrent(
        ConsumerGroup group, string memberId, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        if (!group.Members.TryGetValue(memberId, out ConsumerMember? member))
        {
            return;
        }

        ImmutableSortedDictionary<TopicIdPartition, int>.Builder epochs =
            ImmutableSortedDictionary.CreateBuilder<TopicIdPartition, int>();
        int epoch = value?.MemberEpoch ?? 0;
        group.Put(member with
        {
            Epoch = epoch,
            PreviousEpoch = value?.PreviousMemberEpoch ?? 0,
            State = (MemberState)(value?.State ?? 0),
            Assigned = Partitions(value?.AssignedPartitions, epoch, epochs),
            PendingRevocation = Partitions(value?.PartitionsPendingRevocation, epoch, epochs),
            AssignmentEpochs = epochs.ToImmutable(),
        });
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> Topics(
        ConsumerMember member, ImmutableSortedSet<TopicIdPartition> partitions) =>
        [.. partitions.GroupBy(partition => partition.TopicId).Select(
            topic => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions
            {
                TopicId = topic.Key,
                Partitions = [.. topic.Select(partition => partition.Partition)],
                AssignmentEpochs = [.. topic.Select(
                    partition => member.AssignmentEpochOf(partition) ?? member.Epoch)],
            })];

    /// <summary>Records of Kafka before 4.3 are without epochs: the member's counts.</summary>
    private static ImmutableSortedSet<TopicIdPartition> Partitions(
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions>? topics, int memberEpoch,
        ImmutableSortedDictionary<TopicIdPartition, int>.Builder epochs)
    {
        ImmutableSortedSet<TopicIdPartition>.Builder partitions =
            ImmutableSortedSet.CreateBuilder<TopicIdPartition>();
        foreach (ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions topic in topics ?? [])
        {
            for (int i = 0; i < topic.Partitions.Count; i++)
            {
                TopicIdPartition partition = new(topic.TopicId, topic.Partitions[i]);
                partitions.Add(partition);
                epochs[partition] = topic.AssignmentEpochs is { } told && i < told.Count ? told[i] : memberEpoch;
            }
        }

        return partitions.ToImmutable();
    }
}
