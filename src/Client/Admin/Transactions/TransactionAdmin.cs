using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Transactions, and the producers that partitions remember (KIP-664).</summary>
public sealed class TransactionAdmin
{
    // Only the fence counts; the id's next producer says how long its transactions may take.
    private const int FenceTimeoutMs = 1;

    private readonly AdminCalls _calls;

    internal TransactionAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>The transactional ids of all coordinators, by id.</summary>
    /// <exception cref="KafkaException">A broker could not be asked, or does not know a filter.</exception>
    public async Task<IReadOnlyList<TransactionListing>> ListAsync(
        TransactionFilter? filter = null, CancellationToken cancellation = default)
    {
        TransactionFilter wanted = filter ?? new TransactionFilter();
        IReadOnlyDictionary<int, Outcome<List<TransactionListing>>> found = await _calls.EachAsync(
            await _calls.BrokerIdsAsync(cancellation),
            new ItemCall<int, List<TransactionListing>, ListTransactionsResponse>(
                new BrokerRoute<int>(_calls.Cluster, id => id),
                _ => new ListTransactionsRequest
                {
                    StateFilters = [.. wanted.States],
                    ProducerIdFilters = [.. wanted.ProducerIds],
                    DurationFilter = (long?)wanted.LongerThan?.TotalMilliseconds ?? -1,
                    TransactionalIdPattern = wanted.IdPattern,
                },
                (answer, asked) => [(asked[0], ReadList(answer, asked[0]))]),
            cancellation);
        return [.. found.Values.SelectMany(outcome => outcome.Value).OrderBy(
            one => one.TransactionalId, StringComparer.Ordinal)];
    }

    /// <summary>Transactional ids with their transactions.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<TransactionDescription>>> DescribeAsync(
        IEnumerable<string> ids, CancellationToken cancellation = default) => _calls.EachAsync(
            ids,
            new ItemCall<string, TransactionDescription, DescribeTransactionsResponse>(
                new CoordinatorRoute(_calls.Cluster, CoordinatorKind.Transaction),
                asked => new DescribeTransactionsRequest { TransactionalIds = [.. asked] },
                (answer, _) => answer.TransactionStates.Select(one => (
                    one.TransactionalId,
                    Outcome.Of(one.ErrorCode, null, new TransactionDescription(
                        one.TransactionalId, one.TransactionState, one.ProducerId, one.ProducerEpoch,
                        one.TransactionTimeoutMs, one.TransactionStartTimeMs,
                        [.. from topic in one.Topics
                            from partition in topic.Partitions
                            select new TopicPartition(topic.Topic, partition)]))))),
            cancellation);

    /// <summary>The producers that the leaders of partitions remember.</summary>
    public Task<IReadOnlyDictionary<TopicPartition, Outcome<IReadOnlyList<ProducerDescription>>>>
        DescribeProducersAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default) => _calls.EachAsync(
            partitions,
            new ItemCall<TopicPartition, IReadOnlyList<ProducerDescription>, DescribeProducersResponse>(
                new LeaderRoute(_calls.Cluster),
                asked => new DescribeProducersRequest
                {
                    Topics = [.. asked.ByTopic().Select(topic => new DescribeProducersRequest.TopicRequest
                    {
                        Name = topic.Topic,
                        PartitionIndexes = [.. topic.Partitions],
                    })],
                },
                (answer, _) =>
                    from topic in answer.Topics
                    from partition in topic.Partitions
                    select (
                        new TopicPartition(topic.Name, partition.PartitionIndex),
                        Outcome.Of<IReadOnlyList<ProducerDescription>>(
                            partition.ErrorCode, partition.ErrorMessage,
                            [.. partition.ActiveProducers.Select(producer => new ProducerDescription(
                                producer.ProducerId, producer.ProducerEpoch, producer.LastSequence,
                                producer.LastTimestamp, producer.CoordinatorEpoch,
                                producer.CurrentTxnStartOffset))]))),
            cancellation);

    /// <summary>Writes an abort marker to one partition, for a transaction that hangs there.</summary>
    /// <remarks>Behind the coordinator's back: only for transactions that no coordinator knows any more.</remarks>
    /// <exception cref="KafkaException">The partition knows a newer epoch of the producer or coordinator.</exception>
    public Task AbortAsync(AbortSpec spec, CancellationToken cancellation = default) => _calls.EachAsync(
        [spec.Partition],
        new ItemCall<TopicPartition, bool, WriteTxnMarkersResponse>(
            new LeaderRoute(_calls.Cluster),
            _ => new WriteTxnMarkersRequest
            {
                Markers =
                [
                    new WriteTxnMarkersRequest.WritableTxnMarker
                    {
                        ProducerId = spec.ProducerId,
                        ProducerEpoch = spec.ProducerEpoch,
                        CoordinatorEpoch = spec.CoordinatorEpoch,
                        TransactionResult = false,
                        Topics =
                        [
                            new WriteTxnMarkersRequest.WritableTxnMarkerTopic
                            {
                                Name = spec.Partition.Topic,
                                PartitionIndexes = [spec.Partition.Partition],
                            },
                        ],
                    },
                ],
            },
            (answer, _) =>
                from marker in answer.Markers
                from topic in marker.Topics
                from partition in topic.Partitions
                select (
                    new TopicPartition(topic.Name, partition.PartitionIndex), Items.Done(partition.ErrorCode))),
        cancellation).SoleAsync();

    /// <summary>Fences the producers of transactional ids; what they have open is aborted.</summary>
    public async Task<IReadOnlyDictionary<string, Outcome<FencedProducer>>> FenceAsync(
        IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        // One id a request: the calls run side by side.
        IReadOnlyDictionary<string, Outcome<FencedProducer>>[] parts = await Task.WhenAll(
            ids.Distinct(StringComparer.Ordinal).Select(id => _calls.EachAsync(
                [id],
                new ItemCall<string, FencedProducer, InitProducerIdResponse>(
                    new CoordinatorRoute(_calls.Cluster, CoordinatorKind.Transaction),
                    _ => new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = FenceTimeoutMs },
                    (answer, _) => [(id, Outcome.Of(
                        answer.ErrorCode, null, new FencedProducer(answer.ProducerId, answer.ProducerEpoch)))]),
                cancellation)));
        return parts.SelectMany(part => part).ToDictionary();
    }

    private static Outcome<List<TransactionListing>> ReadList(ListTransactionsResponse answer, int brokerId) =>
        answer.UnknownStateFilters.Count > 0
            ? Outcome.Failed<List<TransactionListing>>(
                ErrorCode.InvalidRequest,
                $"there is no transaction state '{string.Join("', '", answer.UnknownStateFilters)}'")
            : Outcome.Of(answer.ErrorCode, null, (List<TransactionListing>)[.. answer.TransactionStates.Select(
                one => new TransactionListing(
                    one.TransactionalId, one.ProducerId, one.TransactionState, brokerId))]);
}
