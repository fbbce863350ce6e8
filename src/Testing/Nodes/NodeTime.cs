namespace KRaftSharp.Testing.Nodes;

/// <summary>The cluster's clock as one node sees it: its timers stop with it.</summary>
internal sealed class NodeTime(TimeProvider clock, NodeLife life) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(inner => life.Run(() => callback(inner)), state, dueTime, period);
}
