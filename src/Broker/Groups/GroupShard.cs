using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups;

/// <summary>The groups and offsets of one partition of the offsets topic.</summary>
internal sealed class GroupShard : ICoordinatorState
{
    /// <summary>OffsetCommit from which on clients know GROUP_ID_NOT_FOUND.</summary>
    private const short WithMissingGroups = 9;

    /// <summary>TxnOffsetCommit from which on clients know GROUP_ID_NOT_FOUND and STALE_MEMBER_EPOCH.</summary>
    private const short WithTransactionalErrors = 6;

    /// <summary>Between two rounds of expiry when the first could not take all.</summary>
    private const long ExpiryPauseMs = 100;

    private readonly GroupServices _services;
    private readonly ShardTimers _timers;
    private readonly ConsumerTimers _consumerTimers;
    private readonly ConsumerRemovals _removals;
    private readonly SortedDictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public GroupShard(GroupServices services, ShardTimers timers)
    {
        _services = services;
        _timers = timers;
        Rebalances = new ClassicRebalances(services, timers);
        Joins = new ClassicJoins(services, Rebalances);
        Requests = new ClassicRequests(Rebalances);
        Commits = new OffsetCommits(services);
        _consumerTimers = new ConsumerTimers(services, timers, Fence);
        ConsumerEpochs epochs = new(services, id => Find(id) as ConsumerGroup);
        _removals = new ConsumerRemovals(services, epochs, _consumerTimers, Rebalances, Adopt);
        ClassicMembers = new ClassicMemberRequests(services, epochs, _consumerTimers, _removals);
        Consumers = new ConsumerDispatch(
            services, new ConsumerHeartbeats(services, epochs, _consumerTimers, _removals), _consumerTimers);
        Streams = new StreamsRequests(services, timers, Find);
        Shares = new ShareHeartbeats(services, timers, Find);
    }

    public OffsetStore Offsets { get; } = new();

    public ClassicJoins Joins { get; }

    public ClassicRequests Requests { get; }

    public ClassicRebalances Rebalances { get; }

    public OffsetCommits Commits { get; }

    public ConsumerDispatch Consumers { get; }

    /// <summary>Of the classic protocol, in consumer groups.</summary>
    public ClassicMemberRequests ClassicMembers { get; }

    public StreamsRequests Streams { get; }

    public ShareHeartbeats Shares { get; }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyCollection<Group> Groups => _groups.Values;

    public Group? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    /// <summary>A group that a first member or a commit brings into being; no record tells of it yet.</summary>
    public ClassicGroup Create(string groupId)
    {
        ClassicGroup group = new(groupId, _services.WallClockMs);
        _groups.Add(groupId, group);
        return group;
    }

    /// <summary>Whether a commit is taken; one from outside of group management makes its group.</summary>
    public ErrorCode CheckCommit(string groupId, in CommitOrigin origin, IReadOnlyList<PartitionCommit> commits)
    {
        if (Find(groupId) is not { } group)
        {
            if (origin.Epoch >= 0)
            {
                return origin.Version >= (origin.IsTransactional ? WithTransactionalErrors : WithMissingGroups)
                    ? ErrorCode.GroupIdNotFound
                    : ErrorCode.IllegalGeneration;
            }

            group = Create(groupId);
        }

        if (_services.Planted.HasFlag(PlantedFaults.StaleCommits))
        {
            return ErrorCode.None;
        }

        ErrorCode error = group.CheckCommit(origin);
        for (int i = 0; i < commits.Count && error == ErrorCode.None; i++)
        {
            error = group.CheckPartitionCommit(origin, commits[i]);
        }

        if (error == ErrorCode.None && group is ClassicGroup classic && !origin.IsTransactional
            && classic.Member(origin.MemberId) is { } member)
        {
            Rebalances.Heard(classic, member);
        }

        return error == ErrorCode.StaleMemberEpoch && origin.IsTransactional
            && origin.Version < WithTransactionalErrors
            ? ErrorCode.IllegalGeneration
            : error;
    }

    public OffsetAnswer Fetch(OffsetQuery query)
    {
        ErrorCode error = Find(query.GroupId)?.CheckFetch(query.MemberId, query.MemberEpoch) ?? ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return OffsetAnswer.Failed(error);
        }

        IEnumerable<(TopicPartition Partition, Uuid TopicId)> partitions = query.Partitions
            ?? Offsets.Of(query.GroupId).Keys.Select(partition => (partition, default(Uuid)));
        return new OffsetAnswer(ErrorCode.None, [.. partitions.Select(
            asked => Fetch(query, asked.Partition, asked.TopicId))]);
    }

    /// <summary>A classic group takes the place of an empty group of another protocol, whose tombstones are to be
    /// written.</summary>
    public ClassicGroup Replace(Group empty)
    {
        _groups.Remove(empty.Id);
        return Create(empty.Id);
    }

    public void Replay(long offset, ICoordinatorRecord key, ICoordinatorRecord? value, ProducerStamp? producer)
    {
        switch (key)
        {
            case OffsetCommitKey commit:
                ReplayOffset(offset, commit, (OffsetCommitValue?)value, producer);
                break;
            case LegacyOffsetCommitKey legacy:
                ReplayOffset(
                    offset, LegacyOffsets.Key(legacy), LegacyOffsets.Value((LegacyOffsetCommitValue?)value), producer);
                break;
            case GroupMetadataKey group:
                ReplayGroup(group.Group, (GroupMetadataValue?)value);
                break;
            case { } other when ConsumerRecords.GroupOf(other) is { } groupId:
                ReplayConsumer(groupId, other, value);
                break;
            case { } other when StreamsRecords.GroupOf(other) is { } groupId:
                ReplayStreams(groupId, other, value);
                break;
            case { } other when ShareRecords.GroupOf(other) is { } groupId:
                ReplayShare(groupId, other, value);
                break;
        }
    }

    public void ReplayMarker(ProducerStamp producer, bool isCommit)
    {
        foreach (string groupId in Offsets.End(producer, isCommit))
        {
            Ensure(groupId);
        }
    }

    public void Loaded()
    {
        foreach (ClassicGroup group in _groups.Values.OfType<ClassicGroup>())
        {
            Rebalances.Resume(group);
        }

        foreach (ConsumerGroup group in _groups.Values.OfType<ConsumerGroup>())
        {
            foreach (ConsumerMember member in group.Members.Values)
            {
                _consumerTimers.Heard(group.Id, member);
                _consumerTimers.Reconciling(group.Id, member);
            }
        }

        foreach (StreamsGroup group in _groups.Values.OfType<StreamsGroup>())
        {
            Streams.Resume(group);
        }

        foreach (ShareGroup group in _groups.Values.OfType<ShareGroup>())
        {
            Shares.Resume(group);
        }

        // What was deleted while nobody coordinated. The image that made this node the leader has every topic that its
        // predecessors can have taken commits for.
        _timers.Set("deleted topics", 0, () => new Decision(
            [.. Offsets.TombstonesWithout(id => _services.Image().Topics.ById.ContainsKey(id))
                .Take(OffsetExpiry.MostRecords)]));
        ScheduleExpiry();
    }

    public void Unloaded()
    {
        foreach (ClassicGroup group in _groups.Values.OfType<ClassicGroup>())
        {
            group.Become(ClassicState.Dead, _services.WallClockMs);
        }
    }

    private OffsetAnswer.PartitionOffset Fetch(OffsetQuery query, TopicPartition partition, Uuid topicId)
    {
        if (query.RequireStable && Offsets.IsPending(query.GroupId, partition))
        {
            return new OffsetAnswer.PartitionOffset(partition, -1, -1, "", ErrorCode.UnstableOffsetCommit);
        }

        return Offsets.Get(query.GroupId, partition) is { } offset && offset.IsOf(topicId)
            ? new OffsetAnswer.PartitionOffset(
                partition, offset.Offset, offset.LeaderEpoch, offset.Metadata, ErrorCode.None)
            : new OffsetAnswer.PartitionOffset(partition, -1, -1, "", ErrorCode.None);
    }

    private void ReplayOffset(
        long logOffset, OffsetCommitKey key, OffsetCommitValue? value, ProducerStamp? producer)
    {
        CommittedOffset? committed = value is null
            ? null
            : new CommittedOffset(
                value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp,
                value.TopicId, logOffset);
        Offsets.Replay(
            key.Group, new TopicPartition(key.Topic, key.Partition), committed,
            _services.Planted.HasFlag(PlantedFaults.EarlyOffsets) ? null : producer);
        if (committed is not null)
        {
            Ensure(key.Group);
        }
    }

    private void ReplayGroup(string groupId, GroupMetadataValue? value)
    {
        if (value is not null)
        {
            _groups[groupId] = ClassicGroup.From(groupId, value);
        }
        else if (_groups.GetValueOrDefault(groupId) is ClassicGroup gone)
        {
            gone.Become(ClassicState.Dead, _services.WallClockMs);
            _groups.Remove(groupId);
        }
    }

    private void ReplayConsumer(string groupId, ICoordinatorRecord key, ICoordinatorRecord? value)
    {
        if (_groups.GetValueOrDefault(groupId) is not ConsumerGroup group)
        {
            if (value is null)
            {
                return;
            }

            // A group of the other protocol under this name was empty: its tombstone came before, or none was due.
            _groups[groupId] = group = new ConsumerGroup(groupId);
        }

        if (key is ConsumerGroupMetadataKey && value is null)
        {
            _groups.Remove(groupId);
            return;
        }

        ConsumerRecords.Replay(group, key, value);
    }

    private void ReplayStreams(string groupId, ICoordinatorRecord key, ICoordinatorRecord? value)
    {
        if (_groups.GetValueOrDefault(groupId) is not StreamsGroup group)
        {
            if (value is null)
            {
                return;
            }

            // A group of the other protocol under this name was empty: its tombstone came before, or none was due.
            _groups[groupId] = group = new StreamsGroup(groupId);
        }

        if (key is StreamsGroupMetadataKey && value is null)
        {
            _groups.Remove(groupId);
            return;
        }

        StreamsRecords.Replay(group, key, value);
    }

    private void ReplayShare(string groupId, ICoordinatorRecord key, ICoordinatorRecord? value)
    {
        if (_groups.GetValueOrDefault(groupId) is not ShareGroup group)
        {
            if (value is null)
            {
                return;
            }

            _groups[groupId] = group = new ShareGroup(groupId);
        }

        if (key is ShareGroupMetadataKey && value is null)
        {
            _groups.Remove(groupId);
            return;
        }

        ShareRecords.Replay(group, key, value, _services.WallClockMs);
    }

    private void Ensure(string groupId)
    {
        if (!_groups.ContainsKey(groupId))
        {
            Create(groupId);
        }
    }

    private void Adopt(ClassicGroup group) => _groups[group.Id] = group;

    private Decision Fence(string groupId, string memberId) =>
        Find(groupId) is ConsumerGroup group && group.Members.TryGetValue(memberId, out ConsumerMember? member)
            ? _removals.Remove(group, [member])
            : Decision.Nothing;

    private void ScheduleExpiry(long? delayMs = null) => _timers.Set(
        "expiry", delayMs ?? _services.Settings.OffsetsRetentionCheckMs, () =>
        {
            IReadOnlyList<CoordinatorRecord> records = OffsetExpiry.Tombstones(this, _services);
            ScheduleExpiry(records.Count < OffsetExpiry.MostRecords ? null : ExpiryPauseMs);
            return new Decision(records);
        });
}
