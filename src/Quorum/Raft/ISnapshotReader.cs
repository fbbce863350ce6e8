using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Reads a snapshot of the metadata log (KIP-630) from its first to its last batch.</summary>
public interface ISnapshotReader : IDisposable
{
    /// <summary>Everything before <see cref="LogPoint.EndOffset"/> is contained.</summary>
    LogPoint SnapshotId { get; }

    /// <summary>Append time of the last contained batch, from the snapshot's header.</summary>
    long LastContainedTimestampMs { get; }

    long SizeBytes { get; }

    /// <summary>The next batch's records, or null at the end; control batches are skipped.</summary>
    IReadOnlyList<IMetadataRecord>? ReadBatch();
}
