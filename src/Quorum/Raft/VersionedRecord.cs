using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft;

/// <summary>A metadata record and the version it is written in.</summary>
/// <remarks>The record is not changed any more once the quorum has it: listeners get the same object.</remarks>
public readonly record struct VersionedRecord(IMetadataRecord Record, short Version);
