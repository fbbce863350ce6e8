namespace KRaftSharp.Client.Admin;

/// <summary>A transactional id as its coordinator lists it.</summary>
/// <param name="TransactionalId">The producer's <c>transactional.id</c>.</param>
/// <param name="ProducerId">Its producer id now.</param>
/// <param name="State">Kafka's name, such as <c>Ongoing</c>.</param>
/// <param name="CoordinatorId">The broker that knows it.</param>
public sealed record TransactionListing(string TransactionalId, long ProducerId, string State, int CoordinatorId);
