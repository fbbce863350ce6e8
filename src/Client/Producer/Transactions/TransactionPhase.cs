namespace KRaftSharp.Client.Producer.Transactions;

/// <summary>Where a transactional producer stands.</summary>
internal enum TransactionPhase
{
    /// <summary>The coordinator has not been asked for a producer id.</summary>
    Uninitialized,

    /// <summary>No transaction is open.</summary>
    Ready,

    InTransaction,

    Committing,

    Aborting,

    /// <summary>Something of the transaction is lost: it can only be aborted, then the producer goes on.</summary>
    MustAbort,

    /// <summary>This producer cannot go on; another one with the same id can.</summary>
    Dead,
}
