using KRaftSharp.Broker.Coordination;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What the transaction state of every partition shares.</summary>
internal sealed record TransactionServices
{
    public required TransactionOptions Options { get; init; }

    public required ITransactionMarkers Markers { get; init; }

    public required Func<long> WallClockMs { get; init; }

    /// <summary>The finalized level of transaction.version.</summary>
    public required Func<short> ServerVersion { get; init; }

    /// <summary>The leader epoch of a partition of the transaction log, which is the coordinator's.</summary>
    public required Func<int, int> CoordinatorEpoch { get; init; }

    /// <summary>Runs an operation of a partition later, on its strand.</summary>
    public required Action<int, Func<TransactionState, Decision>> Run { get; init; }
}
