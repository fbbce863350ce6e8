using System.Collections.Concurrent;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>The replicas that are on their way to another log directory.</summary>
internal sealed class ReplicaMoves(ReplicaManagerSettings settings, ReplicaManager replicas) : IDisposable
{
    private readonly ConcurrentDictionary<TopicPartition, ReplicaMove> _moves = new();

    /// <summary>Starts a move, instead of one to another directory; nothing if the replica lies there.</summary>
    public ErrorCode Start(Partition partition, LogDirectory target)
    {
        TopicPartition name = partition.TopicPartition;
        if (settings.Logs.DirectoryOf(partition.Log.Directory) == target)
        {
            Cancel(name);
            return ErrorCode.None;
        }

        if (_moves.TryGetValue(name, out ReplicaMove? running))
        {
            if (running.Target == target)
            {
                return ErrorCode.None;
            }

            Cancel(name);
        }

        var pacer = new SlicePacer(settings.Time) { MaxBytesPerSecond = settings.MoveBytesPerSecond() };
        var move = new ReplicaMove(partition, target, settings.Logs, this, pacer);
        _moves[name] = move;
        ReplicationLog.Moves(settings.Logger, name, target.Path);
        _ = move.RunAsync();
        return ErrorCode.None;
    }

    public void Cancel(TopicPartition name)
    {
        if (_moves.TryRemove(name, out ReplicaMove? move))
        {
            move.Cancel();
            settings.Logs.DropFuture(name);
        }
    }

    public void Dispose()
    {
        foreach (TopicPartition name in _moves.Keys)
        {
            Cancel(name);
        }
    }

    /// <summary>Takes a replica out of service; false when it has gone already.</summary>
    public Task<bool> DetachAsync(Partition partition) => replicas.DetachAsync(partition);

    /// <summary>Serves what is there now.</summary>
    public void Attach(TopicPartition name) => replicas.Attach(name);

    public void Ended(ReplicaMove move) => _moves.TryRemove(KeyValuePair.Create(move.Name, move));

    public void Failed(Exception error) => settings.Fault(error);
}
