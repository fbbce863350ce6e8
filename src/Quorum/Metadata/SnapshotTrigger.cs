using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Decides when the log has grown enough, or is old enough, for the next snapshot.</summary>
internal sealed class SnapshotTrigger(MetadataLoaderSettings settings)
{
    private long _bytes;
    private long? _oldestMs;

    public void Add(CommittedBatch batch)
    {
        if (batch.Records.Count > 0)
        {
            _bytes += batch.SizeBytes;
            _oldestMs ??= batch.AppendTimestampMs;
        }
    }

    public bool IsDue(long nowMs) => _bytes >= settings.MaxRecordBytesBetweenSnapshots
        || (settings.MaxSnapshotIntervalMs > 0 && _oldestMs is { } oldest
            && nowMs - oldest >= settings.MaxSnapshotIntervalMs);

    public void Reset()
    {
        _bytes = 0;
        _oldestMs = null;
    }
}
