namespace KRaftSharp.Log.Assertions;

/// <summary>
/// Mistakes that tests plant to show that a property finds them. No configuration reaches these switches: they come
/// with the environment that the simulator gives to a node.
/// </summary>
[Flags]
public enum PlantedFaults
{
    None = 0,

    /// <summary>The quorum's leader takes as committed what fewer than a majority hold.</summary>
    MinorityHighWatermark = 1,

    /// <summary>
    /// A follower cuts its log back to its high watermark, rather than to where its log and the leader's part.
    /// </summary>
    TruncateToHighWatermark = 1 << 1,

    /// <summary>A replica that lacks committed records is taken into the ISR.</summary>
    EarlyIsrExpansion = 1 << 2,

    /// <summary>A produce with acks=all is answered once the leader has written it.</summary>
    AckBeforeReplication = 1 << 3,

    /// <summary>A replica of the quorum believes a leader of an earlier epoch.</summary>
    StaleEpochs = 1 << 4,

    /// <summary>A snapshot lacks the records of the last batch before its end.</summary>
    SnapshotWithoutTail = 1 << 5,

    /// <summary>A batch that was appended before is appended again.</summary>
    DuplicateSequence = 1 << 6,

    /// <summary>A coordinator answers, and goes on, once its leader has written its records.</summary>
    UnreplicatedCommits = 1 << 7,

    /// <summary>The markers of a transaction are sent once its end is decided, before that is committed.</summary>
    EarlyMarkers = 1 << 8,

    /// <summary>The last stable offset is the high watermark.</summary>
    StablePastOpenTransactions = 1 << 9,

    /// <summary>The last aborted transaction is left out of what a fetch is told.</summary>
    AbortedIndexMissesAnEntry = 1 << 10,

    /// <summary>A member is given partitions that another one has not given up yet.</summary>
    TwoOwners = 1 << 11,

    /// <summary>An offset is committed in whatever generation.</summary>
    StaleCommits = 1 << 12,

    /// <summary>A transaction that timed out is aborted without a new epoch for its id.</summary>
    TimeoutKeepsTheEpoch = 1 << 13,

    /// <summary>Offsets that belong to a transaction count at once.</summary>
    EarlyOffsets = 1 << 14,

    /// <summary>Nobody asks whether the transaction that a batch belongs to is still open (before KIP-890).</summary>
    UnverifiedProduce = 1 << 15,

    /// <summary>The quorum's leader takes a change of voters while the last one is not committed.</summary>
    OverlappingVoterChanges = 1 << 20,

    /// <summary>A replica with a voter's id counts as that voter, whatever its directory.</summary>
    AnyDirectoryVotes = 1 << 21,

    /// <summary>A leader that is no voter any more counts itself.</summary>
    RemovedLeaderCounts = 1 << 22,
}
