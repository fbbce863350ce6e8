namespace KRaftSharp.Quorum.Raft;

/// <summary>Hears of everything that the quorum commits, in order and without gaps.</summary>
/// <remarks>
/// Called on the quorum's strand: an implementation posts to its own strand and returns. Batches that follow a snapshot
/// start at its end offset.
/// </remarks>
public interface IQuorumListener
{
    /// <summary>Committed batches that follow on the last ones; at least one.</summary>
    void HandleCommit(IReadOnlyList<CommittedBatch> batches);

    /// <summary>
    /// All state so far is to be replaced by this snapshot's: at the start, or when the log no longer reaches back.
    /// </summary>
    /// <param name="reader">The listener's from now on, which reads it on one thread at a time and disposes it.</param>
    void HandleLoadSnapshot(ISnapshotReader reader);

    /// <summary>
    /// Leader or epoch changed. A node hears that it leads itself only after it was handed every record before its
    /// epoch, so it may decide at once; it hears that it leads no longer without delay.
    /// </summary>
    void HandleLeaderChange(LeaderAndEpoch leader);
}
