namespace KRaftSharp.Client.Admin;

/// <summary>A transactional id and its transaction.</summary>
/// <param name="TransactionalId">The producer's <c>transactional.id</c>.</param>
/// <param name="State">Kafka's name, such as <c>Ongoing</c>.</param>
/// <param name="ProducerId">Its producer id now.</param>
/// <param name="ProducerEpoch">Older epochs are fenced.</param>
/// <param name="TimeoutMs">After that time the coordinator aborts.</param>
/// <param name="StartedAtMs">-1 without an open transaction.</param>
/// <param name="Partitions">What has been written to in it.</param>
public sealed record TransactionDescription(
    string TransactionalId,
    string State,
    long ProducerId,
    short ProducerEpoch,
    int TimeoutMs,
    long StartedAtMs,
    IReadOnlyList<TopicPartition> Partitions);
