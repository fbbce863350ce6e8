namespace KRaftSharp.Broker.Transactions;

/// <summary>Where a transactional id stands; the value is what the log keeps.</summary>
internal enum TransactionStatus : sbyte
{
    /// <summary>No transaction since the producer was initialised.</summary>
    Empty = 0,
    Ongoing = 1,

    /// <summary>Decided; the markers are on their way.</summary>
    PrepareCommit = 2,
    PrepareAbort = 3,
    CompleteCommit = 4,
    CompleteAbort = 5,

    /// <summary>Expired and about to be removed.</summary>
    Dead = 6,
    PrepareEpochFence = 7,
}
