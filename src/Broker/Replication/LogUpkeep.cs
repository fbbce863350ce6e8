using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Broker.Replication;

/// <summary>
/// What is done by the clock: high watermarks are written, segments expire, logs are flushed, lagging replicas leave
/// the ISR.
/// </summary>
internal sealed class LogUpkeep : IDisposable
{
    private readonly ReplicaManagerSettings _settings;
    private readonly Func<IEnumerable<Partition>> _partitions;
    private readonly List<ITimer> _timers = [];
    private readonly Strand _strand;
    private bool _isWriting;

    public LogUpkeep(ReplicaManagerSettings settings, Func<IEnumerable<Partition>> partitions)
    {
        _settings = settings;
        _partitions = partitions;
        _strand = new Strand { Faulted = settings.Fault };
        ReplicationOptions options = settings.Options;
        Every(options.CheckpointIntervalMs, Checkpoint);
        Every(options.RetentionCheckIntervalMs, ApplyRetention);
        Every(options.FlushCheckIntervalMs, Flush);
        Every(Math.Max(1, options.ReplicaLagTimeMaxMs / 2), LookAtReplicas);
    }

    public void Dispose() => _strand.Post(() =>
    {
        foreach (ITimer timer in _timers)
        {
            timer.Dispose();
        }
    });

    private void Every(long intervalMs, Action action)
    {
        if (intervalMs > int.MaxValue)
        {
            // As good as never, and more than a timer takes.
            return;
        }

        TimeSpan interval = TimeSpan.FromMilliseconds(Math.Max(intervalMs, 1));
        _timers.Add(_settings.Time.CreateTimer(_ => _strand.Post(action), null, interval, interval));
    }

    private void Checkpoint()
    {
        if (!_isWriting)
        {
            _isWriting = true;
            _ = CheckpointAsync();
        }
    }

    private async Task CheckpointAsync()
    {
        try
        {
            await _settings.Logs.CheckpointAsync();
        }
        catch (StorageException error)
        {
            ReplicationLog.CheckpointFailed(_settings.Logger, error);
            _settings.Fault(error);
        }
        finally
        {
            _strand.Post(() => _isWriting = false);
        }
    }

    private void ApplyRetention() => OnEach(log => log.ApplyRetention(_settings.Time.WallClockMs()));

    private void Flush() => OnEach(log =>
    {
        // flush.ms counts from the last flush, whatever caused that.
        if (log.RecoveryPoint < log.LogEndOffset
            && _settings.Time.WallClockMs() - log.LastFlushMs >= log.Options.FlushMs)
        {
            _ = FlushAsync(log);
        }
    });

    private async Task FlushAsync(PartitionLog log)
    {
        try
        {
            await log.FlushAsync();
        }
        catch (StorageException error)
        {
            _settings.Fault(error);
        }
    }

    private void OnEach(Action<PartitionLog> action)
    {
        foreach (Partition partition in _partitions())
        {
            partition.Post(() =>
            {
                try
                {
                    action(partition.Log);
                }
                catch (StorageException error)
                {
                    _settings.Fault(error);
                }
            });
        }
    }

    private void LookAtReplicas()
    {
        foreach (Partition partition in _partitions())
        {
            partition.Look();
        }
    }
}
