namespace KRaftSharp.Quorum.Raft;

/// <summary>The roles of KIP-595 and KIP-996.</summary>
internal enum RaftRole
{
    /// <summary>Knows no leader; may have voted in its epoch.</summary>
    Unattached,

    /// <summary>Asks whether it would be elected, without a new epoch.</summary>
    Prospective,

    /// <summary>Voted for itself in a new epoch.</summary>
    Candidate,
    Leader,
    Follower,

    /// <summary>Led in this epoch and does no more.</summary>
    Resigned,
}
