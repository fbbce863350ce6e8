namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>Mistakes that the histories must expose.</summary>
public enum PlantedFault
{
    None,

    /// <summary>read_committed goes on to the high watermark.</summary>
    StablePastAnOpenTransaction,

    /// <summary>The last aborted transaction is left out of an answer.</summary>
    AbortedIndexMissesAnEntry,

    /// <summary>Markers are sent before the decision is replicated.</summary>
    MarkersBeforeTheDecision,

    /// <summary>A produce is written without asking whether its transaction is still open.</summary>
    LateProduceIsWritten,

    /// <summary>The same of offsets that a group commits in the transaction.</summary>
    LateOffsetsAreWritten,

    /// <summary>A timeout aborts, but leaves the producer its epoch.</summary>
    TimeoutKeepsTheEpoch,
}
