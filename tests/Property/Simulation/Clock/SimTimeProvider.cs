namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>A node's clock: its wall clock is off by a skew, its timers run fast or slow by a drift.</summary>
/// <param name="skew">What the wall clock is ahead of the true time; may be negative.</param>
/// <param name="drift">How much faster than true time this clock runs; 0.01 is one per cent.</param>
internal sealed class SimTimeProvider(SimScheduler scheduler, SimContext context, TimeSpan skew, double drift)
    : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => (long)(scheduler.NowTicks * (1.0 + drift));

    public override DateTimeOffset GetUtcNow() => Start + skew + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private SimEvent? _next;
        private TimeSpan _period;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _next?.Cancel();
            _next = null;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(dueTime);
            }

            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _next?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan delay) =>
            _next = clock.After(delay, static timer => ((SimTimer)timer!).Fire(), this);

        private void Fire()
        {
            _next = null;
            if (_period > TimeSpan.Zero)
            {
                Arm(_period);
            }

            callback(state);
        }
    }

    /// <summary>A timer never fires early by its own clock, hence the tick more.</summary>
    private SimEvent After(TimeSpan delay, SendOrPostCallback callback, object? state) =>
        scheduler.Schedule(context, (long)(Math.Max(0, delay.Ticks) / (1.0 + drift)) + 1, callback, state);
}
