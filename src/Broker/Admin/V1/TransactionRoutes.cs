using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Transactions and producers: what is in flight, and an end for what hangs.</summary>
internal sealed class TransactionRoutes(AdminServices services)
{
    private const sbyte TransactionKey = 1;
    private const int AbortTimeoutMs = 60_000;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/transactions", AdminRole.Reader, "All transactional ids with their states.", ListAsync)
        { Answer = AdminJson.Default.IReadOnlyListTransactionSummary },
        new("GET", "/v1/transactions/{transactional_id}", AdminRole.Reader, "A transactional id.", async call =>
            AdminReply.Ok(await DescribeAsync(call.Route("transactional_id")), AdminJson.Default.TransactionData))
        { Answer = AdminJson.Default.TransactionData },
        new("POST", "/v1/transactions/{transactional_id}:abort", AdminRole.Admin,
            "Fences the producer and aborts what it has open.", AbortAsync)
        { Success = 204, Query = [AdminQuery.DryRun] },
        new("GET", "/v1/topics/{topic_name}/partitions/{partition_id}/producers", AdminRole.Reader,
            "The producers that a partition remembers.", ProducersAsync)
        { Answer = AdminJson.Default.IReadOnlyListProducerData },
    ];

    private async ValueTask<AdminReply> ListAsync(AdminCall call)
    {
        IReadOnlyList<IReadOnlyList<TransactionSummary>> lists = await services.Kafka.AskEachAsync(ListAsync);
        IReadOnlyList<TransactionSummary> all =
            [.. lists.SelectMany(list => list).OrderBy(one => one.TransactionalId, StringComparer.Ordinal)];
        return AdminReply.Ok(all, AdminJson.Default.IReadOnlyListTransactionSummary);
    }

    private Task<IReadOnlyList<TransactionSummary>> ListAsync(int broker) =>
        services.Kafka.AskAsync<ListTransactionsResponse, IReadOnlyList<TransactionSummary>>(
            broker, new ListTransactionsRequest(), response => response.TransactionStates.ConvertAll(state =>
                new TransactionSummary(state.TransactionalId, state.ProducerId, state.TransactionState, broker)));

    private Task<TransactionData> DescribeAsync(string id) => services.Kafka.AtCoordinatorAsync(
        id, coordinator => DescribeAsync(id, coordinator), TransactionKey);

    private async Task<TransactionData> DescribeAsync(string id, int coordinator)
    {
        DescribeTransactionsRequest request = new() { TransactionalIds = [id] };
        return await services.Kafka.AskAsync(coordinator, request, (DescribeTransactionsResponse response) =>
        {
            DescribeTransactionsResponse.TransactionStateValue state = response.TransactionStates[0];
            AdminProblem.ThrowIf(state.ErrorCode);
            return new TransactionData(
                state.TransactionalId, state.ProducerId, state.ProducerEpoch, state.TransactionState, coordinator,
                state.TransactionTimeoutMs, state.TransactionStartTimeMs < 0 ? null : state.TransactionStartTimeMs,
                [.. from topic in state.Topics
                    from partition in topic.Partitions
                    select new PartitionBody(topic.Topic, partition)]);
        });
    }

    /// <summary>A new epoch for the id: the producer is fenced, and the coordinator aborts what is open.</summary>
    private async ValueTask<AdminReply> AbortAsync(AdminCall call)
    {
        TransactionData transaction = await DescribeAsync(call.Route("transactional_id"));
        if (!call.IsDryRun)
        {
            InitProducerIdRequest request = new()
            {
                TransactionalId = transaction.TransactionalId,
                TransactionTimeoutMs = AbortTimeoutMs,
                ProducerId = -1,
                ProducerEpoch = -1,
            };
            await services.Kafka.AskAsync(transaction.Coordinator, request, (InitProducerIdResponse response) =>
            {
                // The abort is under way: the producer that comes next waits for it.
                if (response.ErrorCode != ErrorCode.ConcurrentTransactions)
                {
                    AdminProblem.ThrowIf(response.ErrorCode);
                }

                return true;
            });
        }

        return AdminReply.NoContent;
    }

    private async ValueTask<AdminReply> ProducersAsync(AdminCall call)
    {
        string topic = call.Route("topic_name");
        int partition = call.RouteInt("partition_id");
        DescribeProducersRequest request = new()
        {
            Topics = [new DescribeProducersRequest.TopicRequest { Name = topic, PartitionIndexes = [partition] }],
        };
        return await services.Kafka.AtLeaderAsync(topic, partition, leader => services.Kafka.AskAsync(leader, request, (
            DescribeProducersResponse response) =>
        {
            DescribeProducersResponse.PartitionResponse answer = response.Topics[0].Partitions[0];
            AdminProblem.ThrowIf(answer.ErrorCode, answer.ErrorMessage);
            IReadOnlyList<ProducerData> producers = answer.ActiveProducers.ConvertAll(producer => new ProducerData(
                producer.ProducerId, producer.ProducerEpoch, producer.LastSequence, producer.LastTimestamp,
                producer.CurrentTxnStartOffset < 0 ? null : producer.CurrentTxnStartOffset));
            return AdminReply.Ok(producers, AdminJson.Default.IReadOnlyListProducerData);
        }));
    }
}

internal sealed record TransactionSummary(string TransactionalId, long ProducerId, string State, int Coordinator);

/// <param name="StartedMs">When the open transaction began, milliseconds since the Unix epoch; null for none.</param>
internal sealed record TransactionData(
    string TransactionalId, long ProducerId, int ProducerEpoch, string State, int Coordinator, int TimeoutMs,
    long? StartedMs, IReadOnlyList<PartitionBody> Partitions);

/// <param name="OpenSince">The first offset of its open transaction; null for none.</param>
internal sealed record ProducerData(
    long ProducerId, int ProducerEpoch, int LastSequence, long LastTimestampMs, long? OpenSince);
