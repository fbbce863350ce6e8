namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>How far a commit has come.</summary>
internal enum CommitStep
{
    /// <summary>A transaction's first partition is in the coordinator's log.</summary>
    TransactionWritten,

    /// <summary>The decision to commit or to abort is in the coordinator's log.</summary>
    DecisionWritten,

    /// <summary>The decision is replicated, and with that taken.</summary>
    DecisionReplicated,

    /// <summary>A partition has its marker.</summary>
    MarkerWritten,

    /// <summary>The coordinator has noted that all markers are written.</summary>
    EndWritten,

    /// <summary>Offsets are in the coordinator's log, as part of a transaction or not.</summary>
    OffsetsWritten,

    OffsetsReplicated,

    /// <summary>A group's next generation or member epoch is in the coordinator's log.</summary>
    GenerationWritten,

    GenerationReplicated,
}
