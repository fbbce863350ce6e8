using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>The records of share groups, made and replayed.</summary>
internal static class ShareRecords
{
    private const sbyte StableState = 0;

    public static CoordinatorRecord Epoch(string groupId, int epoch, long hash) => new(
        new ShareGroupMetadataKey { GroupId = groupId },
        new ShareGroupMetadataValue { Epoch = epoch, MetadataHash = hash }, 0);

    public static CoordinatorRecord Member(string groupId, ShareMember member) => new(
        new ShareGroupMemberMetadataKey { GroupId = groupId, MemberId = member.Id },
        new ShareGroupMemberMetadataValue
        {
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
        }, 0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long timestampMs) => new(
        new ShareGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new ShareGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestampMs }, 0);

    public static CoordinatorRecord Target(
        string groupId, string memberId, ImmutableSortedSet<TopicIdPartition> target) => new(
            new ShareGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
            new ShareGroupTargetAssignmentMemberValue
            {
                TopicPartitions = [.. target.GroupBy(partition => partition.TopicId).Select(
                    topic => new ShareGroupTargetAssignmentMemberValue.TopicPartition
                    {
                        TopicId = topic.Key,
                        Partitions = [.. topic.Select(partition => partition.Partition)],
                    })],
            }, 0);

    public static CoordinatorRecord Current(string groupId, ShareMember member) => new(
        new ShareGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.Id },
        new ShareGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = StableState,
            AssignedPartitions = [.. member.Assigned.GroupBy(partition => partition.TopicId).Select(
                topic => new ShareGroupCurrentMemberAssignmentValue.TopicPartitions
                {
                    TopicId = topic.Key,
                    Partitions = [.. topic.Select(partition => partition.Partition)],
                })],
        }, 0);

    public static CoordinatorRecord States(string groupId, StateTopics states) => new(
        new ShareGroupStatePartitionMetadataKey { GroupId = groupId },
        new ShareGroupStatePartitionMetadataValue
        {
            InitializingTopics = Infos(states.Initializing),
            InitializedTopics = Infos(states.Initialized),
            DeletingTopics = [.. states.Deleting.Select(
                topic => new ShareGroupStatePartitionMetadataValue.TopicInfo
                {
                    TopicId = topic.Key,
                    TopicName = topic.Value,
                })],
        }, 0);

    public static IEnumerable<CoordinatorRecord> MemberTombstones(string groupId, string memberId) =>
    [
        CoordinatorRecord.Tombstone(
            new ShareGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId }),
        CoordinatorRecord.Tombstone(
            new ShareGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId }),
        CoordinatorRecord.Tombstone(new ShareGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId }),
    ];

    public static IReadOnlyList<CoordinatorRecord> Tombstones(ShareGroup group) =>
    [
        .. group.Members.Keys.SelectMany(member => MemberTombstones(group.Id, member)),
        CoordinatorRecord.Tombstone(new ShareGroupTargetAssignmentMetadataKey { GroupId = group.Id }),
        CoordinatorRecord.Tombstone(new ShareGroupStatePartitionMetadataKey { GroupId = group.Id }),
        CoordinatorRecord.Tombstone(new ShareGroupMetadataKey { GroupId = group.Id }),
    ];

    /// <summary>The group that a record is about; null for records of other kinds.</summary>
    public static string? GroupOf(ICoordinatorRecord key) => key switch
    {
        ShareGroupMetadataKey group => group.GroupId,
        ShareGroupMemberMetadataKey member => member.GroupId,
        ShareGroupTargetAssignmentMetadataKey target => target.GroupId,
        ShareGroupTargetAssignmentMemberKey target => target.GroupId,
        ShareGroupCurrentMemberAssignmentKey current => current.GroupId,
        ShareGroupStatePartitionMetadataKey states => states.GroupId,
        _ => null,
    };

    /// <summary>What a record says of a group that exists.</summary>
    public static void Replay(ShareGroup group, ICoordinatorRecord key, ICoordinatorRecord? value, long nowMs)
    {
        switch (key)
        {
            case ShareGroupMetadataKey when value is ShareGroupMetadataValue epoch:
                (group.Epoch, group.MetadataHash) = (epoch.Epoch, epoch.MetadataHash);
                break;
            case ShareGroupMemberMetadataKey member:
                ReplayMember(group, member.MemberId, (ShareGroupMemberMetadataValue?)value);
                break;
            case ShareGroupTargetAssignmentMetadataKey:
                var target = (ShareGroupTargetAssignmentMetadataValue?)value;
                group.TargetEpoch = target?.AssignmentEpoch ?? 0;
                group.TargetTimestampMs = target?.AssignmentTimestamp ?? 0;
                break;
            case ShareGroupTargetAssignmentMemberKey member:
                group.SetTarget(member.MemberId, ((ShareGroupTargetAssignmentMemberValue?)value)?.TopicPartitions
                    .SelectMany(topic => topic.Partitions.Select(index => new TopicIdPartition(topic.TopicId, index)))
                    .ToImmutableSortedSet());
                break;
            case ShareGroupCurrentMemberAssignmentKey member:
                ReplayCurrent(group, member.MemberId, (ShareGroupCurrentMemberAssignmentValue?)value);
                break;
            case ShareGroupStatePartitionMetadataKey:
                group.States = StatesOf((ShareGroupStatePartitionMetadataValue?)value, nowMs);
                break;
        }
    }

    private static void ReplayMember(ShareGroup group, string memberId, ShareGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            group.Remove(memberId);
            return;
        }

        ShareMember member = group.Members.GetValueOrDefault(memberId) ?? new ShareMember(memberId);
        group.Put(member with
        {
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            Topics = value.SubscribedTopicNames.ToImmutableSortedSet(StringComparer.Ordinal),
        });
    }

    private static void ReplayCurrent(
        ShareGroup group, string memberId, ShareGroupCurrentMemberAssignmentValue? value)
    {
        if (group.Members.TryGetValue(memberId, out ShareMember? member))
        {
            group.Put(member with
            {
                Epoch = value?.MemberEpoch ?? 0,
                PreviousEpoch = value?.PreviousMemberEpoch ?? -1,
                Assigned = (value?.AssignedPartitions ?? []).SelectMany(topic => topic.Partitions.Select(
                    index => new TopicIdPartition(topic.TopicId, index))).ToImmutableSortedSet(),
            });
        }
    }

    private static List<ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo> Infos(
        ImmutableSortedDictionary<Uuid, StateTopic> topics) =>
        [.. topics.Select(topic => new ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo
        {
            TopicId = topic.Key,
            TopicName = topic.Value.Name,
            Partitions = [.. topic.Value.Partitions],
        })];

    private static StateTopics StatesOf(ShareGroupStatePartitionMetadataValue? value, long nowMs) => value is null
        ? StateTopics.None
        : new StateTopics
        {
            Initializing = TopicsOf(value.InitializingTopics, nowMs),
            Initialized = TopicsOf(value.InitializedTopics, nowMs),
            Deleting = value.DeletingTopics.ToImmutableSortedDictionary(
                topic => topic.TopicId, topic => topic.TopicName),
        };

    private static ImmutableSortedDictionary<Uuid, StateTopic> TopicsOf(
        List<ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo> topics, long nowMs) =>
        topics.ToImmutableSortedDictionary(
            topic => topic.TopicId, topic => new StateTopic(topic.TopicName, [.. topic.Partitions], nowMs));
}
