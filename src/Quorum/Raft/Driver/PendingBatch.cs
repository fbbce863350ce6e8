namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>A batch that the leader has given offsets but not written yet.</summary>
internal sealed record PendingBatch(ReadOnlyMemory<byte> Bytes, CommittedBatch Batch);
