namespace KRaftSharp.Broker.Coordination;

/// <summary>A marker that ends a producer's transaction in one partition.</summary>
/// <param name="BumpsEpoch">Of a producer that gets a new epoch with each transaction (KIP-890).</param>
internal sealed record TransactionEnd(
    ProducerStamp Producer, int CoordinatorEpoch, bool IsCommit, bool BumpsEpoch = false);
