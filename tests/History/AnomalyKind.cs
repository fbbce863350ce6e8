namespace KRaftSharp.History;

/// <summary>What no client may see with acks=all, idempotence and read_committed.</summary>
public enum AnomalyKind
{
    /// <summary>A record was acknowledged (or its transaction was) and is not there.</summary>
    LostWrite,

    /// <summary>An idempotent producer's record is there twice.</summary>
    Duplicate,

    /// <summary>A read_committed consumer was given a record of a transaction that was not committed, or a group the
    /// offset that such a transaction committed.</summary>
    AbortedRead,

    /// <summary>One offset, two records.</summary>
    InconsistentOffsets,

    /// <summary>A consumer went over a record that others were given there.</summary>
    PollSkip,

    /// <summary>A consumer was given an offset at or below one it had been given before.</summary>
    NonMonotonicPoll,

    /// <summary>A producer's records lie in another order than it sent them in.</summary>
    NonMonotonicSend,

    /// <summary>A record was given to a consumer before anybody asked to commit it, or is not there any more.</summary>
    DirtyRead,

    /// <summary>Of a transaction some is there and some is not: records, or the offsets that it committed.</summary>
    BrokenAtomicity,

    /// <summary>A record that nobody sent there, or that was refused.</summary>
    Phantom,

    /// <summary>A group's committed offset is gone or went back without a reset.</summary>
    LostCommit,

    /// <summary>A partition had two owners in one generation.</summary>
    TwoOwners,
}
