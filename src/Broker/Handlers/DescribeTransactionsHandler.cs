using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeTransactions v0 (KIP-664).</summary>
internal sealed class DescribeTransactionsHandler(TransactionCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var response = new DescribeTransactionsResponse();
        foreach (string id in ((DescribeTransactionsRequest)request).TransactionalIds)
        {
            (ErrorCode error, TransactionMetadata? known) = await coordinator.DescribeAsync(id);
            response.TransactionStates.Add(known is null
                ? new DescribeTransactionsResponse.TransactionStateValue { TransactionalId = id, ErrorCode = error }
                : Describe(known));
        }

        return response;
    }

    private static DescribeTransactionsResponse.TransactionStateValue Describe(TransactionMetadata known) => new()
    {
        TransactionalId = known.TransactionalId,
        TransactionState = known.Status.ToString(),
        TransactionTimeoutMs = known.TimeoutMs,
        TransactionStartTimeMs = known.StartTimestampMs,
        ProducerId = known.ProducerId,
        ProducerEpoch = known.ProducerEpoch,
        Topics =
        [
            .. known.Partitions.GroupBy(static partition => partition.Topic).Select(
                static topic => new DescribeTransactionsResponse.TopicData
                {
                    Topic = topic.Key,
                    Partitions = [.. topic.Select(static partition => partition.Partition)],
                }),
        ],
    };
}
