using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Segments;

/// <summary>What a log remembers of a batch: the header's fields that indexes and caches are made of.</summary>
internal readonly record struct BatchInfo(
    long BaseOffset, long LastOffset, int SizeBytes, long MaxTimestampMs, int LeaderEpoch)
{
    public static BatchInfo Of(RecordBatchView batch) => new(
        batch.BaseOffset, batch.LastOffset, batch.SizeInBytes, batch.MaxTimestamp, batch.PartitionLeaderEpoch);
}
