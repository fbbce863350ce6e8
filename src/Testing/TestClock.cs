using KRaftSharp.Testing.Clock;

namespace KRaftSharp.Testing;

/// <summary>The time of a test cluster: goes on by itself as the system's does, and the test can move it
/// ahead.</summary>
/// <remarks>All of the cluster's timeouts, sessions, retention and timestamps follow it, and so do clients that the
/// cluster makes; only their sockets' request timeouts stay with the system's clock. Thread-safe.</remarks>
public sealed class TestClock : TimeProvider, IDisposable
{
    // Heartbeats and fetches must get their turn while the clock is moved, or everybody would be thought dead.
    private static readonly TimeSpan Stride = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly SortedSet<TestTimer> _armed = new(Comparer<TestTimer>.Create(static (one, other) =>
        one.DueAt != other.DueAt ? one.DueAt.CompareTo(other.DueAt) : one.Order.CompareTo(other.Order)));
    private readonly long _startedAt = System.GetTimestamp();
    private readonly ITimer _wake;
    private DateTimeOffset _startTime;
    private long _moved;
    private long _timers;
    private bool _isDisposed;

    internal TestClock(DateTimeOffset startTime)
    {
        _startTime = startTime;
        _wake = System.CreateTimer(
            static clock => ((TestClock)clock!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() =>
        System.GetElapsedTime(_startedAt).Ticks + Interlocked.Read(ref _moved);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _startTime.AddTicks(GetTimestamp());
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TestTimer timer = new(this, callback, state, Interlocked.Increment(ref _timers));
        Arm(timer, dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock ahead: what is due on the way happens, in order, and who lives has the time to say so.
    /// </summary>
    /// <remarks>Takes about a fiftieth of the time it moves by. A member of a group that does not heartbeat loses its
    /// session, a transaction that is left open times out, a record that waits is sent or fails. To make records old
    /// use <see cref="ShiftWallClock"/>.</remarks>
    public async Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        for (TimeSpan left = by; left > TimeSpan.Zero; left -= Stride)
        {
            Interlocked.Add(ref _moved, Math.Min(left.Ticks, Stride.Ticks));
            FireDue();
            await Task.Delay(Breath);
        }
    }

    /// <summary>Sets the wall clock ahead or back, as an administrator does: what was written before becomes so much
    /// older, and no timer notices.</summary>
    public void ShiftWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _startTime += by;
        }
    }

    /// <summary>Fires no timer any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _armed.Clear();
        }

        _wake.Dispose();
    }

    internal bool Arm(TestTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return false;
            }

            _armed.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period.Ticks : 0;
            timer.DueAt = dueTime < TimeSpan.Zero ? long.MaxValue : GetTimestamp() + dueTime.Ticks;
            if (timer.DueAt < long.MaxValue)
            {
                _armed.Add(timer);
            }

            ArmWake();
            return true;
        }
    }

    internal void Disarm(TestTimer timer)
    {
        lock (_gate)
        {
            _armed.Remove(timer);
            timer.DueAt = long.MaxValue;
        }
    }

    private void FireDue()
    {
        while (TakeDue() is { } timer)
        {
            timer.Fire();
        }
    }

    private TestTimer? TakeDue()
    {
        lock (_gate)
        {
            if (_armed.Min is not { } first || first.DueAt > GetTimestamp())
            {
                ArmWake();
                return null;
            }

            _armed.Remove(first);
            first.DueAt = first.Period > 0 ? GetTimestamp() + first.Period : long.MaxValue;
            if (first.Period > 0)
            {
                _armed.Add(first);
            }

            return first;
        }
    }

    private void ArmWake()
    {
        if (_armed.Min is { } first)
        {
            long wait = Math.Max(first.DueAt - GetTimestamp(), 0);
            // Rounded up, so that it does not fire just before; a day is as good as never.
            double ms = Math.Min(Math.Ceiling(wait / (double)TimeSpan.TicksPerMillisecond), 86_400_000);
            _wake.Change(TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan);
        }
    }
}
