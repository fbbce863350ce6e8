using KRaftSharp.Log;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft.Messages;

/// <summary>Requests between replicas, free of wire versions; cluster id and topic were checked before.</summary>
internal abstract record RaftRequest
{
    private RaftRequest()
    {
    }

    /// <param name="Epoch">The candidate's epoch; with a pre-vote the one it would leave.</param>
    /// <param name="Target">Whom it is meant for, where the sender says.</param>
    /// <param name="LogEnd">Last epoch and end offset of the candidate's log.</param>
    public sealed record Vote(int Epoch, ReplicaKey Candidate, ReplicaKey? Target, LogPoint LogEnd, bool IsPreVote)
        : RaftRequest;

    public sealed record BeginEpoch(int LeaderId, int Epoch, ReplicaKey? Target) : RaftRequest
    {
        /// <summary>Where the leader listens, where it says so.</summary>
        public PeerEndpoint? LeaderEndpoint { get; init; }
    }

    /// <param name="Successors">Who should stand for election, best first.</param>
    public sealed record EndEpoch(int LeaderId, int Epoch, IReadOnlyList<ReplicaKey> Successors) : RaftRequest
    {
        /// <inheritdoc cref="BeginEpoch.LeaderEndpoint"/>
        public PeerEndpoint? LeaderEndpoint { get; init; }
    }

    /// <param name="CurrentEpoch">The sender's epoch.</param>
    /// <param name="FetchOffset">Everything of the sender's log below is durable.</param>
    /// <param name="HighWatermark">As the sender knows it (KIP-1166); the greatest number where it does not
    /// say.</param>
    public sealed record Fetch(
        ReplicaKey Replica, int CurrentEpoch, long FetchOffset, int LastFetchedEpoch, long HighWatermark, int MaxWaitMs)
        : RaftRequest;

    public sealed record FetchSnapshot(ReplicaKey Replica, int CurrentEpoch, LogPoint SnapshotId, long Position)
        : RaftRequest;

    /// <summary>Take one more voter in (KIP-853).</summary>
    /// <param name="AckWhenCommitted">False: answer as soon as the leader has it in its log.</param>
    public sealed record AddVoter(ReplicaKey Voter, IReadOnlyList<VoterListener> Listeners, bool AckWhenCommitted)
        : RaftRequest;

    public sealed record RemoveVoter(ReplicaKey Voter) : RaftRequest;

    /// <summary>A voter tells of its listeners, its directory and the versions of its software.</summary>
    public sealed record UpdateVoter(
        int Epoch, ReplicaKey Voter, IReadOnlyList<VoterListener> Listeners, short MinVersion, short MaxVersion)
        : RaftRequest;

    /// <summary>Go from static to dynamic voters; asked by the controller of the same node.</summary>
    public sealed record UpgradeVersion(int Epoch, short KRaftVersion, bool ValidateOnly) : RaftRequest;

    /// <summary>Which kraft.versions the other side's software knows (ApiVersions).</summary>
    public sealed record AskVersions : RaftRequest
    {
        public static AskVersions Instance { get; } = new();
    }
}
