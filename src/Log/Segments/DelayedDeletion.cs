using System.Collections.Concurrent;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Segments;

/// <summary>Removes files some time after they left the log; what a stop leaves is removed at the next start.</summary>
internal sealed class DelayedDeletion(IStorage storage, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<long, ITimer> _timers = new();
    private long _nextId;
    private volatile bool _isDisposed;

    public void Schedule(Action<IStorage> delete, long delayMs)
    {
        if (delayMs <= 0)
        {
            Run(delete);
            return;
        }

        long id = Interlocked.Increment(ref _nextId);
        ITimer timer = time.CreateTimer(
            _ => Fire(id, delete), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers[id] = timer;
        timer.Change(TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (ITimer timer in _timers.Values)
        {
            timer.Dispose();
        }

        _timers.Clear();
    }

    private void Fire(long id, Action<IStorage> delete)
    {
        if (_timers.TryRemove(id, out ITimer? timer))
        {
            timer.Dispose();
        }

        if (!_isDisposed)
        {
            Run(delete);
        }
    }

    private void Run(Action<IStorage> delete)
    {
        try
        {
            delete(storage);
        }
        catch (StorageException)
        {
            // Nothing depends on it: the next start removes what is left, or fails on the disk by itself.
        }
    }
}
