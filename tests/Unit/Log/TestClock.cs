namespace KRaftSharp.Tests.Unit.Log;

/// <summary>A clock that stands still until it is moved; its timers fire when it passes them.</summary>
internal sealed class TestClock(long nowMs = 1_700_000_000_000) : TimeProvider
{
    private readonly List<TestTimer> _timers = [];

    public long NowMs { get; private set; } = nowMs;

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override long GetTimestamp() => NowMs;

    public void Advance(long ms)
    {
        NowMs += ms;
        foreach (TestTimer timer in _timers.Where(timer => timer.DueMs <= NowMs).ToList())
        {
            timer.DueMs = long.MaxValue;
            timer.Callback(timer.State);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TestTimer(this, callback, state);
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    private sealed class TestTimer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long DueMs { get; set; } = long.MaxValue;

        public TimerCallback Callback => callback;

        public object? State => state;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueMs = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.NowMs + (long)dueTime.TotalMilliseconds;
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
