namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A clock that stands until it is moved; timers fire while it moves, in order.</summary>
internal sealed class GroupTime : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public long NowMs { get; private set; } = 1_000_000;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => NowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(NowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(long ms)
    {
        long end = NowMs + ms;
        while (_timers.Where(timer => timer.DueMs <= end).MinBy(timer => timer.DueMs) is { } next)
        {
            NowMs = Math.Max(NowMs, next.DueMs);
            next.Fire();
        }

        NowMs = end;
    }

    private sealed class Timer(GroupTime time, TimerCallback callback, object? state) : ITimer
    {
        public long DueMs { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueMs = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.NowMs + (long)dueTime.TotalMilliseconds;
            return true;
        }

        public void Fire()
        {
            DueMs = long.MaxValue;
            callback(state);
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
