namespace KRaftSharp.Broker.Transactions;

/// <summary>Who asks: a transactional id with the producer id and epoch that it believes to have.</summary>
internal readonly record struct ProducerRequest(string TransactionalId, long ProducerId, short ProducerEpoch);
