namespace KRaftSharp.Log.Scheduling;

/// <summary>Cuts long work, such as a cleaning, into slices, so that others get their turn between them, and slows it
/// down to the rate allowed.</summary>
/// <remarks>A slice begins in a timer of the node's clock: it runs on no strand and holds nobody up.</remarks>
public sealed class SlicePacer(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private ITimer? _timer;
    private long _freeAt = time.GetTimestamp();
    private bool _isStopped;

    /// <summary>Bytes read and written a second; may change at any time.</summary>
    public double MaxBytesPerSecond { get; set; } = double.MaxValue;

    public bool IsStopped => Volatile.Read(ref _isStopped);

    /// <summary>Ends the current slice. Completes at once when the pacer is stopped.</summary>
    /// <param name="bytes">Read and written in it.</param>
    public Task NextSliceAsync(long bytes)
    {
        long now = time.GetTimestamp();
        double seconds = bytes / Math.Max(MaxBytesPerSecond, 1);
        _freeAt = Math.Max(_freeAt, now) + (long)(Math.Min(seconds, 60) * time.TimestampFrequency);
        return WaitAsync(time.GetElapsedTime(now, _freeAt));
    }

    /// <summary>Completes after a time, or when the pacer is stopped or woken.</summary>
    public Task WaitAsync(TimeSpan delay)
    {
        lock (_lock)
        {
            if (_isStopped)
            {
                return Task.CompletedTask;
            }

            var waiting = new TaskCompletionSource();
            _waiting = waiting;
            _timer ??= time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(delay < TimeSpan.Zero ? TimeSpan.Zero : delay, Timeout.InfiniteTimeSpan);
            return waiting.Task;
        }
    }

    /// <summary>Ends a wait early.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult();
    }

    public void Stop()
    {
        Volatile.Write(ref _isStopped, true);
        Wake();
    }

    public void Dispose()
    {
        Stop();
        _timer?.Dispose();
    }
}
