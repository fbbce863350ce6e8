using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>One node's part in the metadata quorum, voter or observer.</summary>
public interface IQuorum
{
    int NodeId { get; }

    /// <summary>As this node knows it; any thread.</summary>
    LeaderAndEpoch Leader { get; }

    /// <summary>Offsets below are committed; any thread. It may lag behind the leader's.</summary>
    long HighWatermark { get; }

    /// <summary>Exclusive; any thread.</summary>
    long LogEndOffset { get; }

    /// <summary>The newest snapshot; any thread.</summary>
    LogPoint? LatestSnapshotId { get; }

    /// <summary>The voters with their endpoints, as this node's log names them, committed or not; any thread.</summary>
    VoterSet Voters { get; }

    /// <summary>Where the leader listens, as far as this node knows; any thread.</summary>
    PeerEndpoint? LeaderEndpoint { get; }

    /// <summary>1 where voters may change (KIP-853); any thread.</summary>
    short KRaftVersion { get; }

    /// <summary>
    /// Adds a listener, which is first handed the latest snapshot and all committed batches; any thread.
    /// </summary>
    void Register(IQuorumListener listener);

    /// <summary>
    /// Appends records as this epoch's leader and returns the offset of the last of them, or null when this node does
    /// not lead in <paramref name="epoch"/>. Committed is what <see cref="IQuorumListener.HandleCommit"/> brings; what
    /// it has not brought by the next leader change may be lost.
    /// </summary>
    /// <remarks>
    /// Any thread, but one caller at a time (the controller's strand). Does not wait for the disk: the appends that
    /// come while one flush is under way share the next.
    /// </remarks>
    /// <param name="epoch">The epoch in which the records were decided.</param>
    /// <param name="records">At least one.</param>
    /// <param name="atomic">True: one batch, all of it or nothing survives. False: as many batches as it takes.</param>
    /// <exception cref="RecordBatchTooLargeException">An atomic append is beyond
    /// <see cref="RaftSettings.MaxBatchBytes"/>, or a single record is.</exception>
    long? TryAppend(int epoch, IReadOnlyList<VersionedRecord> records, bool atomic = true);

    /// <summary>
    /// Raises the kraft.version, as this epoch's leader: the voters' directories go into the log and may change from
    /// then on. Any thread.
    /// </summary>
    /// <param name="epoch">The epoch in which it was decided.</param>
    /// <param name="level">The level to reach.</param>
    /// <param name="validateOnly">Only say whether it could be done.</param>
    /// <param name="completion">Called once, on any thread: NOT_CONTROLLER where this node does not lead in the epoch,
    /// INVALID_UPDATE_VERSION, with the reason, where it cannot be done; else it is under way.</param>
    void UpgradeKRaftVersion(int epoch, short level, bool validateOnly, Action<ErrorCode, string?> completion);

    /// <summary>Stops leading, if this node leads in <paramref name="epoch"/>; the others elect. Any thread.</summary>
    void Resign(int epoch);

    /// <summary>
    /// Starts a snapshot of everything before <paramref name="id"/>, which must be committed and the end of a batch.
    /// </summary>
    /// <returns>Null when there is one already that reaches as far.</returns>
    ISnapshotWriter? CreateSnapshot(LogPoint id, long lastContainedTimestampMs);

    /// <summary>
    /// Answers a Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch (of the metadata topic), FetchSnapshot, DescribeQuorum,
    /// AddRaftVoter, RemoveRaftVoter or UpdateRaftVoter request; any thread.
    /// </summary>
    /// <param name="request">Not used any more after the response was given.</param>
    /// <param name="version">The request's, and the response's.</param>
    /// <param name="respond">Called exactly once, on any thread, perhaps long after and perhaps inside this call. The
    /// second argument, where there is one, holds the response's byte fields and is disposed once they were
    /// sent.</param>
    void Handle(IApiMessage request, short version, Action<IApiMessage, IDisposable?> respond);

    /// <summary>Reads what is on disk, then takes part.</summary>
    Task StartAsync();

    /// <summary>Hands leadership over if there is any, answers what is parked, closes the log.</summary>
    Task ShutdownAsync();
}
