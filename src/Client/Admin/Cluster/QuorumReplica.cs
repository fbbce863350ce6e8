using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>How far a voter or observer of the metadata quorum is.</summary>
/// <param name="Id">Node id.</param>
/// <param name="DirectoryId">Zero where voters are static.</param>
/// <param name="LogEndOffset">The offset behind its last record, as the leader knows it.</param>
/// <param name="LastFetchMs">When it last asked, on the leader's clock; -1 unknown.</param>
/// <param name="LastCaughtUpMs">When it last had everything; -1 unknown.</param>
public sealed record QuorumReplica(int Id, Uuid DirectoryId, long LogEndOffset, long LastFetchMs, long LastCaughtUpMs);
