namespace KRaftSharp.Broker.Coordination;

/// <summary>The transaction that records belong to.</summary>
internal readonly record struct ProducerStamp(long ProducerId, short ProducerEpoch);
