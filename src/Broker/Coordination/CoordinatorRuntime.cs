using System.Collections.Concurrent;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Coordination;

/// <summary>
/// A coordinator: one shard of state for each partition of its topic that this node leads. Loads with the leadership,
/// lets go with it, and runs operations against the shard of a partition.
/// </summary>
internal sealed class CoordinatorRuntime<TState>(CoordinatorSettings<TState> settings) : IPartitionObserver
    where TState : class, ICoordinatorState
{
    private readonly ConcurrentDictionary<int, CoordinatorShard<TState>> _shards = new();

    public string Topic => settings.Topic;

    /// <summary>The partitions whose shards are loaded, in order. Any thread.</summary>
    public IReadOnlyList<int> ActivePartitions =>
        [.. _shards.Values.Where(shard => shard.Status == ErrorCode.None).Select(shard => shard.Index).Order()];

    /// <summary>Whether a shard of this node is still loading. Any thread.</summary>
    public bool IsLoading => _shards.Values.Any(shard => shard.Status == ErrorCode.CoordinatorLoadInProgress);

    /// <summary>None when the shard of a partition is here and loaded; otherwise what to tell clients. Any thread.
    /// </summary>
    public ErrorCode StatusOf(int partition) =>
        _shards.TryGetValue(partition, out CoordinatorShard<TState>? shard) ? shard.Status : ErrorCode.NotCoordinator;

    /// <summary>The replica that a shard writes to; null when it is not here. Any thread.</summary>
    public Partition? ReplicaOf(int partition) => _shards.GetValueOrDefault(partition)?.Partition;

    /// <summary>The leader epoch of the partition's shard; -1 when it is not here. Any thread.</summary>
    public int EpochOf(int partition) =>
        _shards.TryGetValue(partition, out CoordinatorShard<TState>? shard) ? shard.LeaderEpoch : -1;

    /// <summary>
    /// Runs an operation against the shard of <paramref name="partition"/>. It gets the reply that it owes, sets it or
    /// leaves it parked in the state, and decides what is to be written. Completes on any thread.
    /// </summary>
    public Task<Outcome<T>> Run<T>(int partition, Func<TState, Reply<T>, Decision> operation)
        where T : class
    {
        Reply<T> reply = new();
        if (_shards.TryGetValue(partition, out CoordinatorShard<TState>? shard))
        {
            shard.Run(reply, state => operation(state, reply));
        }
        else
        {
            reply.Fail(ErrorCode.NotCoordinator);
        }

        return reply.Task;
    }

    /// <summary>Runs an operation that nobody waits for against every loaded shard, in the order of partitions.
    /// </summary>
    public void RunOnAll(Func<TState, Decision> operation)
    {
        foreach (CoordinatorShard<TState> shard in _shards.Values.OrderBy(shard => shard.Index))
        {
            shard.Run(null, operation);
        }
    }

    /// <summary>Runs an operation that nobody waits for.</summary>
    public void Run(int partition, Func<TState, Decision> operation)
    {
        if (_shards.TryGetValue(partition, out CoordinatorShard<TState>? shard))
        {
            shard.Run(null, operation);
        }
    }

    /// <summary>Writes the end of a producer's transaction into a partition, and replays it.</summary>
    public async Task<ErrorCode> EndTransactionAsync(int partition, TransactionEnd end)
    {
        Outcome<TransactionEnd> outcome = await Run<TransactionEnd>(
            partition, (_, reply) => new Decision([]) { End = end, Committed = () => reply.Set(end) });
        return outcome.Error;
    }

    public void Leads(Partition partition, int leaderEpoch)
    {
        if (_shards.TryGetValue(partition.TopicPartition.Partition, out CoordinatorShard<TState>? kept)
            && kept.Partition == partition)
        {
            // It has led all along: nobody else can have written.
            kept.LeaderEpoch = leaderEpoch;
            return;
        }

        CoordinatorShard<TState> shard = new(settings, partition, leaderEpoch);
        _shards[shard.Index] = shard;
        shard.Load();
    }

    public void Ceased(Partition partition) => Drop(partition, ErrorCode.NotCoordinator);

    public void HighWatermarkMoved(Partition partition, long highWatermark)
    {
        if (_shards.TryGetValue(partition.TopicPartition.Partition, out CoordinatorShard<TState>? shard)
            && shard.Partition == partition)
        {
            shard.OnHighWatermark();
        }
    }

    /// <summary>Lets go of all state; the log stays.</summary>
    public void Shutdown()
    {
        foreach (CoordinatorShard<TState> shard in _shards.Values.OrderBy(shard => shard.Index))
        {
            Drop(shard.Partition, ErrorCode.NotCoordinator);
        }
    }

    private void Drop(Partition partition, ErrorCode error)
    {
        int index = partition.TopicPartition.Partition;
        if (_shards.TryGetValue(index, out CoordinatorShard<TState>? shard) && shard.Partition == partition)
        {
            _shards.TryRemove(index, out _);
            shard.Close(error);
        }
    }
}
