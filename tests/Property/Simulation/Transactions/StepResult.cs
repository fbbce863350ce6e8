namespace KRaftSharp.Tests.Property.Simulation.Transactions;

/// <summary>What came of a step of a transaction.</summary>
internal enum StepResult
{
    Done,

    /// <summary>The transaction has to be aborted; the producer may go on.</summary>
    MustAbort,

    /// <summary>Another producer has the id, or the transaction was aborted over this one's head.</summary>
    Fenced,
}
