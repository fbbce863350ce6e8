namespace KRaftSharp.Broker.Coordination;

/// <summary>A marker that ends a producer's transaction in one partition.</summary>
internal sealed record TransactionEnd(ProducerStamp Producer, int CoordinatorEpoch, bool IsCommit);
