using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Transactions;

/// <summary>The transactional ids whose partitions of the transaction log this node leads.</summary>
internal sealed class TransactionCoordinator(
    CoordinatorRuntime<TransactionState> runtime, Func<MetadataImage> image, ProducerIdSource ids,
    TransactionOptions options)
{
    public CoordinatorRuntime<TransactionState> Runtime => runtime;

    public TransactionOptions Options => options;

    /// <summary>The partition that keeps a transactional id; null while there is no transaction log.</summary>
    public int? PartitionOf(string transactionalId) =>
        image().Topics.TryGet(TopicNames.TransactionState, out TopicImage? topic)
            ? CoordinatorPartition.Of(transactionalId, topic.Partitions.Count)
            : null;

    /// <summary>The broker that coordinates a transactional id; null while there is none.</summary>
    public int? BrokerOf(string transactionalId) =>
        PartitionOf(transactionalId) is { } partition
        && image().Topics.Partition(TopicNames.TransactionState, partition) is { Leader: >= 0 and var leader }
            ? leader
            : null;

    public async Task<TransactionAnswer> InitializeAsync(ProducerRequest asked, int timeoutMs)
    {
        if (timeoutMs <= 0 || timeoutMs > options.MaxTimeoutMs)
        {
            return new TransactionAnswer(ErrorCode.InvalidTransactionTimeout);
        }

        return await WithProducerIdAsync(asked.TransactionalId, (state, id, reply) =>
            state.Initialize(asked, timeoutMs, id, reply));
    }

    public Task<TransactionAnswer> EndAsync(ProducerRequest asked, bool isCommit, short clientVersion) =>
        WithProducerIdAsync(asked.TransactionalId, (state, id, reply) =>
            state.End(asked, isCommit, clientVersion, id, reply));

    public async Task<ErrorCode> AddPartitionsAsync(
        ProducerRequest asked, IReadOnlyCollection<TopicPartition> partitions, short clientVersion) =>
        (await RunAsync(asked.TransactionalId, (state, reply) =>
            state.AddPartitions(asked, partitions, clientVersion, reply))).Error;

    public async Task<PartitionErrors> VerifyAsync(
        ProducerRequest asked, IReadOnlyCollection<TopicPartition> partitions)
    {
        if (asked.TransactionalId.Length == 0)
        {
            return PartitionErrors.All(partitions, ErrorCode.InvalidRequest);
        }

        if (PartitionOf(asked.TransactionalId) is not { } shard)
        {
            return PartitionErrors.All(partitions, ErrorCode.NotCoordinator);
        }

        Outcome<PartitionErrors> outcome = await runtime.Run<PartitionErrors>(
            shard, (state, reply) => state.Verify(asked, partitions, reply));
        return outcome.Value ?? PartitionErrors.All(partitions, AppendErrors.ForClients(outcome.Error));
    }

    /// <summary>What is known of an id, committed; no value when it is unknown.</summary>
    public async Task<(ErrorCode Error, TransactionMetadata? Known)> DescribeAsync(string transactionalId)
    {
        if (transactionalId.Length == 0)
        {
            return (ErrorCode.InvalidRequest, null);
        }

        if (PartitionOf(transactionalId) is not { } shard)
        {
            return (ErrorCode.NotCoordinator, null);
        }

        Outcome<Found> outcome = await runtime.Run<Found>(
            shard, (state, reply) => reply.Now(new Found(state.Find(transactionalId))));
        return outcome.Value is { } found
            ? (found.Known is null ? ErrorCode.TransactionalIdNotFound : ErrorCode.None, found.Known)
            : (AppendErrors.ForClients(outcome.Error), null);
    }

    /// <summary>All ids of this node; null while some of them are still being loaded.</summary>
    public async Task<IReadOnlyList<TransactionMetadata>?> ListAsync()
    {
        if (runtime.IsLoading)
        {
            return null;
        }

        List<TransactionMetadata> all = [];
        foreach (int shard in runtime.ActivePartitions)
        {
            Outcome<IReadOnlyList<TransactionMetadata>> outcome =
                await runtime.Run<IReadOnlyList<TransactionMetadata>>(
                    shard, static (state, reply) => reply.Now([.. state.Known]));
            all.AddRange(outcome.Value ?? []);
        }

        return all;
    }

    private async Task<TransactionAnswer> WithProducerIdAsync(
        string transactionalId, Func<TransactionState, long?, Reply<TransactionAnswer>, Decision> operation)
    {
        TransactionAnswer answer = await RunAsync(transactionalId, (state, reply) => operation(state, null, reply));
        if (!answer.NeedsProducerId)
        {
            return answer;
        }

        return await ids.NextAsync() is { } id
            ? await RunAsync(transactionalId, (state, reply) => operation(state, id, reply))
            : new TransactionAnswer(ErrorCode.CoordinatorLoadInProgress);
    }

    private async Task<TransactionAnswer> RunAsync(
        string transactionalId, Func<TransactionState, Reply<TransactionAnswer>, Decision> operation)
    {
        if (transactionalId.Length == 0)
        {
            return new TransactionAnswer(ErrorCode.InvalidRequest);
        }

        if (PartitionOf(transactionalId) is not { } shard)
        {
            return new TransactionAnswer(ErrorCode.NotCoordinator);
        }

        Outcome<TransactionAnswer> outcome = await runtime.Run(shard, operation);
        return outcome.Value ?? new TransactionAnswer(AppendErrors.ForClients(outcome.Error));
    }

    private sealed record Found(TransactionMetadata? Known);
}
