using KRaftSharp.Log;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>What any thread may read of a replica, as of the end of its last turn.</summary>
internal sealed record QuorumView(
    LeaderAndEpoch Leader,
    RaftRole Role,
    long LogStartOffset,
    long LogEndOffset,
    long HighWatermark,
    LogPoint? Snapshot,
    VoterHistory Voters,
    PeerEndpoint? LeaderEndpoint);
