using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.ShareState;

/// <summary>The share partitions of one partition of the state topic (KIP-932).</summary>
internal sealed class ShareStateShard(int partition, ShardTimers timers, ShareStateServices services)
    : ICoordinatorState
{
    private const string ColdTimer = "cold";
    private const string PruneTimer = "prune";

    private readonly Dictionary<SharePartitionKey, Entry> _known = [];
    private long _lastTombstone;

    public IReadOnlyCollection<SharePartitionKey> Keys => _known.Keys;

    public PersistedState? Find(SharePartitionKey key) => _known.GetValueOrDefault(key)?.State;

    /// <summary>Begins a share partition, or begins it anew.</summary>
    public Decision Initialize(
        SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateAnswer> reply)
    {
        Entry? known = _known.GetValueOrDefault(key);
        StateAnswer? refusal = key.Partition < 0 ? Negative("partition id")
            : stateEpoch < 0 ? Negative("state epoch")
            : known is not null && known.StateEpoch > stateEpoch ? StateAnswer.Failed(ErrorCode.FencedStateEpoch)
            : WhyUnknown(key);
        if (refusal is not null)
        {
            return reply.Now(refusal);
        }

        PersistedState state = new()
        {
            SnapshotEpoch = known is null ? 0 : known.State.SnapshotEpoch + 1,
            StateEpoch = stateEpoch,
            StartOffset = startOffset,
            DeliveryCompleteCount = startOffset == PersistedState.NoOffset ? PersistedState.NoCount : 0,
            CreateTimestampMs = services.NowMs,
            WriteTimestampMs = services.NowMs,
        };
        return reply.After([ShareStateRecords.Snapshot(key, state)], StateAnswer.Done);
    }

    /// <summary>Reads the state for a leader; leaders before it are fenced from now on.</summary>
    public Decision Read(SharePartitionKey key, int leaderEpoch, Reply<StateAnswer> reply)
    {
        Entry? known = _known.GetValueOrDefault(key);
        StateAnswer? refusal = key.Partition < 0 ? Negative("partition id")
            : leaderEpoch < 0 ? Negative("leader epoch")
            : known is null ? Invalid("Read operation on uninitialized share partition not allowed.")
            : known.LeaderEpoch > leaderEpoch ? StateAnswer.Failed(ErrorCode.FencedLeaderEpoch)
            : WhyUnknown(key);
        if (refusal is not null)
        {
            return reply.Now(refusal);
        }

        StateAnswer answer = new(ErrorCode.None, null, known!.State);
        return known.LeaderEpoch == leaderEpoch
            ? reply.Now(answer)
            : reply.After([Change(key, known, known.State with { LeaderEpoch = leaderEpoch }, [])], answer);
    }

    public Decision Write(SharePartitionKey key, StateWrite write, Reply<StateAnswer> reply)
    {
        Entry? known = _known.GetValueOrDefault(key);
        StateAnswer? refusal = key.Partition < 0 ? Negative("partition id")
            : write.LeaderEpoch < 0 ? Negative("leader epoch")
            : write.StateEpoch < 0 ? Negative("state epoch")
            : known is null ? Invalid("Write operation on uninitialized share partition not allowed.")
            : known.LeaderEpoch > write.LeaderEpoch ? StateAnswer.Failed(ErrorCode.FencedLeaderEpoch)
            : known.StateEpoch > write.StateEpoch ? StateAnswer.Failed(ErrorCode.FencedStateEpoch)
            : WhyUnknown(key);
        if (refusal is not null)
        {
            return reply.Now(refusal);
        }

        // Writes of one leader may overtake each other: the start never goes back, and its count goes with it.
        PersistedState before = known!.State;
        int count = write.StartOffset == before.StartOffset
            ? Math.Max(write.DeliveryCompleteCount, before.DeliveryCompleteCount)
            : write.StartOffset > before.StartOffset ? write.DeliveryCompleteCount : before.DeliveryCompleteCount;
        PersistedState after = before with
        {
            StartOffset = Math.Max(write.StartOffset, before.StartOffset),
            DeliveryCompleteCount = count,
        };
        return reply.After([Change(key, known, after, write.Batches)], StateAnswer.Done);
    }

    public Decision Delete(SharePartitionKey key, Reply<StateAnswer> reply)
    {
        StateAnswer? refusal = key.Partition < 0 ? Negative("partition id") : WhyUnknown(key);
        if (refusal is not null)
        {
            return reply.Now(refusal);
        }

        return reply.After(
            _known.ContainsKey(key) ? [ShareStateRecords.Tombstone(key)] : [], StateAnswer.Done);
    }

    /// <summary>The state's epochs and offsets; of what was never begun, that nothing is known.</summary>
    public Decision Summarize(SharePartitionKey key, Reply<StateAnswer> reply)
    {
        StateAnswer? refusal = key.Partition < 0 ? Negative("partition id") : WhyUnknown(key);
        return reply.Now(refusal ?? new StateAnswer(ErrorCode.None, null, Find(key) ?? new PersistedState()));
    }

    /// <summary>Topics were deleted: what is known of them goes.</summary>
    public Decision Forget(IReadOnlyCollection<Uuid> topics) => new(
        [.. _known.Keys.Where(key => topics.Contains(key.TopicId)).Select(ShareStateRecords.Tombstone)]);

    public void Replay(long offset, ICoordinatorRecord key, ICoordinatorRecord? value, ProducerStamp? producer)
    {
        switch (key)
        {
            case ShareSnapshotKey snapshot:
                ReplaySnapshot(
                    new SharePartitionKey(snapshot.GroupId, snapshot.TopicId, snapshot.Partition),
                    (ShareSnapshotValue?)value, offset);
                break;
            case ShareUpdateKey update when value is ShareUpdateValue change:
                ReplayUpdate(
                    new SharePartitionKey(update.GroupId, update.TopicId, update.Partition), change, offset);
                break;
        }
    }

    public void ReplayMarker(ProducerStamp producer, bool isCommit)
    {
    }

    public void Loaded()
    {
        timers.Set(ColdTimer, services.ColdSnapshotIntervalMs, SnapshotCold);
        timers.Set(PruneTimer, services.PruneIntervalMs, Prune);
    }

    public void Unloaded()
    {
    }

    private static StateAnswer Negative(string what) => Invalid($"The {what} cannot be a negative number.");

    private static StateAnswer Invalid(string message) => new(ErrorCode.InvalidRequest, message);

    private StateAnswer? WhyUnknown(SharePartitionKey key) =>
        services.Image().Topics.TryGet(key.TopicId, out TopicImage? topic) && key.Partition < topic.Partitions.Count
            ? null
            : StateAnswer.Failed(ErrorCode.UnknownTopicOrPartition);

    /// <param name="after">What is in force from now on, with the batches of before.</param>
    private CoordinatorRecord Change(
        SharePartitionKey key, Entry known, PersistedState after, IReadOnlyList<StateBatch> batches)
    {
        if (known.Updates < services.UpdatesPerSnapshot)
        {
            return ShareStateRecords.Update(
                key, after with { Batches = StateBatches.Merge([], batches, after.StartOffset) });
        }

        return ShareStateRecords.Snapshot(key, after with
        {
            SnapshotEpoch = after.SnapshotEpoch + 1,
            Batches = StateBatches.Merge(after.Batches, batches, after.StartOffset),
            CreateTimestampMs = services.NowMs,
            WriteTimestampMs = services.NowMs,
        });
    }

    private void ReplaySnapshot(SharePartitionKey key, ShareSnapshotValue? value, long offset)
    {
        if (value is null)
        {
            _known.Remove(key);
            _lastTombstone = offset;
            return;
        }

        Entry? known = _known.GetValueOrDefault(key);
        _known[key] = new Entry(ShareStateRecords.StateOf(value), offset)
        {
            LeaderEpoch = Math.Max(known?.LeaderEpoch ?? 0, value.LeaderEpoch),
            StateEpoch = Math.Max(known?.StateEpoch ?? 0, value.StateEpoch),
        };
    }

    private void ReplayUpdate(SharePartitionKey key, ShareUpdateValue change, long offset)
    {
        if (!_known.TryGetValue(key, out Entry? known))
        {
            // Its snapshot is missing; an update says all that counts but for the state epoch.
            _known[key] = known = new Entry(new PersistedState { SnapshotEpoch = change.SnapshotEpoch }, offset);
        }

        known.State = ShareStateRecords.Apply(known.State, change);
        known.LeaderEpoch = Math.Max(known.LeaderEpoch, change.LeaderEpoch);
        known.Updates++;
    }

    private Decision SnapshotCold()
    {
        timers.Set(ColdTimer, services.ColdSnapshotIntervalMs, SnapshotCold);
        long now = services.NowMs;
        if (_known.Values.All(entry => entry.State.CreateTimestampMs != entry.State.WriteTimestampMs))
        {
            return Decision.Nothing;
        }

        return new Decision([.. _known
            .Where(entry => now - entry.Value.State.WriteTimestampMs >= services.ColdSnapshotIntervalMs)
            .Select(entry => ShareStateRecords.Snapshot(entry.Key, entry.Value.State with
            {
                SnapshotEpoch = entry.Value.State.SnapshotEpoch + 1,
                WriteTimestampMs = now,
            }))]);
    }

    /// <summary>Nothing before the oldest snapshot in force is needed any more.</summary>
    private Decision Prune()
    {
        timers.Set(PruneTimer, services.PruneIntervalMs, Prune);
        long needed = _known.Count > 0 ? _known.Values.Min(entry => entry.SnapshotOffset) : _lastTombstone;
        return needed > 0
            ? new Decision([]) { Committed = () => services.Prune(partition, needed) }
            : Decision.Nothing;
    }

    private sealed class Entry(PersistedState state, long snapshotOffset)
    {
        public PersistedState State { get; set; } = state;

        /// <summary>Of the record that the state was last written whole in.</summary>
        public long SnapshotOffset => snapshotOffset;

        /// <summary>The greatest that was ever heard of: what comes with a lower one is fenced.</summary>
        public int LeaderEpoch { get; set; }

        public int StateEpoch { get; init; }

        /// <summary>Since the snapshot.</summary>
        public int Updates { get; set; }
    }
}
