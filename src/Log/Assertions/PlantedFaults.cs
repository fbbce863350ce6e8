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
}
