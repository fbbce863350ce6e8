namespace KRaftSharp.Testing.Clock;

/// <summary>One timer of a <see cref="TestClock"/>.</summary>
internal sealed class TestTimer(TestClock clock, TimerCallback callback, object? state, long order) : ITimer
{
    /// <summary>Tells timers apart that are due at once.</summary>
    public long Order => order;

    /// <summary>On the clock, in ticks; long.MaxValue: not armed. Guarded by the clock's lock.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>Ticks between firings; 0: once.</summary>
    public long Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Arm(this, dueTime, period);

    public void Fire() => callback(state);

    public void Dispose() => clock.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
