using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft;

/// <summary>One committed batch of the metadata log.</summary>
/// <param name="LastOffset">Inclusive.</param>
/// <param name="AppendTimestampMs">The leader's wall clock when it appended.</param>
/// <param name="Records">In order, shared between listeners and never changed; empty for control batches.</param>
/// <param name="SizeBytes">Bytes in the log.</param>
public sealed record CommittedBatch(
    long BaseOffset,
    long LastOffset,
    int Epoch,
    long AppendTimestampMs,
    IReadOnlyList<IMetadataRecord> Records,
    int SizeBytes);
