namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A clock that stands until it is moved; timers fire while it moves, in order.</summary>
internal sealed class StepClock : TimeProvider
{
    private readonly List<StepTimer> _timers = [];
    private long _nowMs = 1_000_000;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _nowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(_nowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        StepTimer timer = new(this, callback, state);
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(long ms)
    {
        long end = _nowMs + ms;
        while (_timers.Where(timer => timer.DueMs <= end).MinBy(timer => timer.DueMs) is { } next)
        {
            _nowMs = Math.Max(_nowMs, next.DueMs);
            next.Fire();
        }

        _nowMs = end;
    }

    private sealed class StepTimer(StepClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long DueMs { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueMs = dueTime == Timeout.InfiniteTimeSpan
                ? long.MaxValue
                : clock._nowMs + (long)Math.Ceiling(dueTime.TotalMilliseconds);
            return true;
        }

        public void Fire()
        {
            DueMs = long.MaxValue;
            callback(state);
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
