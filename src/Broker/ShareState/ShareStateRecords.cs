using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.ShareState;

/// <summary>The records of the state topic: snapshots, and updates that build on them.</summary>
internal static class ShareStateRecords
{
    public static CoordinatorRecord Snapshot(SharePartitionKey key, PersistedState state) => new(
        SnapshotKey(key),
        new ShareSnapshotValue
        {
            SnapshotEpoch = state.SnapshotEpoch,
            StateEpoch = state.StateEpoch,
            LeaderEpoch = state.LeaderEpoch,
            StartOffset = state.StartOffset,
            DeliveryCompleteCount = state.DeliveryCompleteCount,
            CreateTimestamp = state.CreateTimestampMs,
            WriteTimestamp = state.WriteTimestampMs,
            StateBatches = [.. state.Batches.Select(batch => new ShareSnapshotValue.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = (sbyte)batch.State,
                DeliveryCount = batch.DeliveryCount,
            })],
        }, 0);

    /// <param name="change">Only its batches are new; the rest is in force from now on.</param>
    public static CoordinatorRecord Update(SharePartitionKey key, PersistedState change) => new(
        new ShareUpdateKey { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition },
        new ShareUpdateValue
        {
            SnapshotEpoch = change.SnapshotEpoch,
            LeaderEpoch = change.LeaderEpoch,
            StartOffset = change.StartOffset,
            DeliveryCompleteCount = change.DeliveryCompleteCount,
            StateBatches = [.. change.Batches.Select(batch => new ShareUpdateValue.StateBatch
            {
                FirstOffset = batch.FirstOffset,
                LastOffset = batch.LastOffset,
                DeliveryState = (sbyte)batch.State,
                DeliveryCount = batch.DeliveryCount,
            })],
        }, 0);

    public static CoordinatorRecord Tombstone(SharePartitionKey key) =>
        CoordinatorRecord.Tombstone(SnapshotKey(key));

    public static PersistedState StateOf(ShareSnapshotValue value) => new()
    {
        SnapshotEpoch = value.SnapshotEpoch,
        StateEpoch = value.StateEpoch,
        LeaderEpoch = value.LeaderEpoch,
        StartOffset = value.StartOffset,
        DeliveryCompleteCount = value.DeliveryCompleteCount,
        CreateTimestampMs = value.CreateTimestamp,
        WriteTimestampMs = value.WriteTimestamp,
        Batches = [.. value.StateBatches.Select(batch => new StateBatch(
            batch.FirstOffset, batch.LastOffset, (RecordState)batch.DeliveryState, batch.DeliveryCount))],
    };

    /// <summary>What an update makes of the state before it.</summary>
    public static PersistedState Apply(PersistedState before, ShareUpdateValue update)
    {
        long start = update.StartOffset == PersistedState.NoOffset ? before.StartOffset : update.StartOffset;
        StateBatch[] changed = [.. update.StateBatches.Select(batch => new StateBatch(
            batch.FirstOffset, batch.LastOffset, (RecordState)batch.DeliveryState, batch.DeliveryCount))];
        return before with
        {
            LeaderEpoch = update.LeaderEpoch == -1 ? before.LeaderEpoch : update.LeaderEpoch,
            StartOffset = start,
            DeliveryCompleteCount = update.DeliveryCompleteCount,
            Batches = StateBatches.Merge(before.Batches, changed, start),
        };
    }

    private static ShareSnapshotKey SnapshotKey(SharePartitionKey key) =>
        new() { GroupId = key.GroupId, TopicId = key.TopicId, Partition = key.Partition };
}
