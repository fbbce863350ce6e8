using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Transactions;

/// <summary>What a request to the coordinator comes to.</summary>
/// <param name="Error">What the client is told once <paramref name="Next"/> is committed.</param>
/// <param name="Next">What is to be written; null when nothing changes.</param>
internal readonly record struct TransactionVerdict(ErrorCode Error, TransactionMetadata? Next = null)
{
    /// <summary>A fresh producer id is wanted: ask again with one.</summary>
    public bool NeedsProducerId { get; init; }

    public static TransactionVerdict Change(TransactionMetadata next) => new(ErrorCode.None, next);

    public static TransactionVerdict WithProducerId { get; } = new(ErrorCode.None) { NeedsProducerId = true };
}
