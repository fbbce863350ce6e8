namespace KRaftSharp.Log.Scheduling;

/// <summary>The two readings of the injected clock.</summary>
public static class TimeExtensions
{
    /// <summary>Milliseconds since the Unix epoch: for timestamps on the wire and on disk only, it may jump.</summary>
    public static long WallClockMs(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Milliseconds of a clock that never goes back: for deadlines and durations.</summary>
    public static long MonotonicMs(this TimeProvider time) =>
        (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));
}
