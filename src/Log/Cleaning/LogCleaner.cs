using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Compacts the logs of a node whose cleanup.policy says so, the dirtiest first (log.cleaner.*).</summary>
/// <remarks>
/// Each of log.cleaner.threads is a loop of its own that works in slices (see <see cref="SlicePacer"/>) and rests for
/// log.cleaner.backoff.ms when nothing is due. A log is cleaned by one loop at a time. All methods are for any thread.
/// </remarks>
public sealed class LogCleaner
{
    private readonly LogCleanerSettings _settings;
    private readonly Lock _lock = new();
    private readonly List<Worker> _workers = [];
    private readonly HashSet<PartitionLog> _inProgress = [];
    private readonly HashSet<PartitionLog> _uncleanable = [];
    private CleanerOptions _options;
    private bool _isStopped;
    private long _lastRoundMs;
    private double _maxDirtyRatio;
    private CleaningStats? _last;

    public LogCleaner(LogCleanerSettings settings)
    {
        _settings = settings;
        _options = settings.Options;
        _lastRoundMs = settings.Time.MonotonicMs();
    }

    public CleanerOptions Options => Volatile.Read(ref _options);

    /// <summary>Starts the loops.</summary>
    public void Start() => Reconfigure(Options);

    /// <summary>New settings: they hold from each loop's next cleaning on, the rate at once.</summary>
    public void Reconfigure(CleanerOptions options)
    {
        List<Worker> woken;
        lock (_lock)
        {
            if (_isStopped)
            {
                return;
            }

            Volatile.Write(ref _options, options);
            for (int i = 0; i < Wanted(options); i++)
            {
                if (!_workers.Exists(worker => worker.Index == i))
                {
                    _workers.Add(new Worker(i, new SlicePacer(_settings.Time)));
                }
            }

            woken = [.. _workers];
        }

        foreach (Worker worker in woken)
        {
            worker.Pacer.MaxBytesPerSecond = options.MaxBytesPerSecond / Math.Max(1, options.Threads);
            if (worker.TryStart())
            {
                worker.Loop = RunAsync(worker);
            }
            else
            {
                worker.Pacer.Wake();
            }
        }
    }

    /// <summary>Ends all cleanings where they are; completes when nothing touches a log any more.</summary>
    public async Task StopAsync()
    {
        List<Worker> workers;
        lock (_lock)
        {
            _isStopped = true;
            workers = [.. _workers];
        }

        workers.ForEach(static worker => worker.Pacer.Stop());
        await Task.WhenAll(workers.Select(static worker => worker.Loop));
        workers.ForEach(static worker => worker.Pacer.Dispose());
    }

    /// <summary>What metrics show.</summary>
    public CleanerView View()
    {
        lock (_lock)
        {
            _uncleanable.RemoveWhere(static log => log.IsClosed);
            return new CleanerView(
                [.. _uncleanable.Select(static log => (log.Directory, log.TopicPartition))],
                _uncleanable.Sum(log => log.MeasureCleanable(_settings.Time.WallClockMs()).CleanableBytes),
                _maxDirtyRatio,
                _settings.Time.MonotonicMs() - _lastRoundMs,
                _last);
        }
    }

    private static int Wanted(CleanerOptions options) => options.IsEnabled ? options.Threads : 0;

    private async Task RunAsync(Worker worker)
    {
        // Not on the thread that starts it.
        await worker.Pacer.WaitAsync(TimeSpan.Zero);
        var map = new KeyOffsetMap();
        while (!worker.Pacer.IsStopped && !TryLeave(worker))
        {
            CleanerOptions options = Options;
            if (Choose() is { } target && await CleanAsync(target, map, worker.Pacer, options))
            {
                await worker.Pacer.NextSliceAsync(0);
            }
            else
            {
                map.Release();
                await worker.Pacer.WaitAsync(TimeSpan.FromMilliseconds(options.BackoffMs));
            }
        }

        worker.Pacer.Dispose();
    }

    /// <summary>Whether there are fewer loops now.</summary>
    private bool TryLeave(Worker worker)
    {
        lock (_lock)
        {
            return worker.Index >= Wanted(_options) && _workers.Remove(worker);
        }
    }

    /// <summary>The dirtiest log that is due and that nobody is at.</summary>
    private CleanerTarget? Choose()
    {
        long nowMs = _settings.Time.WallClockMs();
        CleanerTarget? best = null;
        double bestRatio = -1;
        double greatest = 0;
        lock (_lock)
        {
            _lastRoundMs = _settings.Time.MonotonicMs();
            foreach (CleanerTarget target in _settings.Targets())
            {
                PartitionLog log = target.Log;
                if (!log.Options.IsCompacted || log.IsOffline || log.IsClosed
                    || _inProgress.Contains(log) || _uncleanable.Contains(log))
                {
                    continue;
                }

                CleanableRange range = log.MeasureCleanable(nowMs);
                greatest = Math.Max(greatest, range.DirtyRatio);
                if (range.DirtyRatio > bestRatio && range.IsDue(log.Options.MinCleanableDirtyRatio))
                {
                    best = target;
                    bestRatio = range.DirtyRatio;
                }
            }

            _maxDirtyRatio = greatest;
            if (best is not null)
            {
                _inProgress.Add(best.Log);
            }
        }

        return best;
    }

    /// <summary>Whether the log was cleaned.</summary>
    private async Task<bool> CleanAsync(
        CleanerTarget target, KeyOffsetMap map, SlicePacer pacer, CleanerOptions options)
    {
        PartitionLog log = target.Log;
        try
        {
            var cleaning = new LogCleaning(target, map, pacer, _settings.Time, CleanerBuffers.Of(options));
            if (await cleaning.RunAsync())
            {
                Finish(log, cleaning.Stats);
                return true;
            }
        }
        catch (UncleanableLogException error)
        {
            lock (_lock)
            {
                _uncleanable.Add(log);
            }

            _settings.Uncleanable?.Invoke(log, error.Message);
        }
        catch (StorageException error)
        {
            log.GoOffline(error);
        }
        finally
        {
            lock (_lock)
            {
                _inProgress.Remove(log);
            }
        }

        return false;
    }

    private void Finish(PartitionLog log, CleaningStats stats)
    {
        try
        {
            lock (_lock)
            {
                _last = stats;
                _settings.WriteCheckpoint(log);
            }
        }
        catch (StorageException error)
        {
            _settings.Failed(error);
            return;
        }

        _settings.Cleaned?.Invoke(stats);
    }

    private sealed class Worker(int index, SlicePacer pacer)
    {
        private int _starts;

        public int Index => index;

        public SlicePacer Pacer => pacer;

        public Task Loop { get; set; } = Task.CompletedTask;

        public bool TryStart() => Interlocked.Increment(ref _starts) == 1;
    }
}
