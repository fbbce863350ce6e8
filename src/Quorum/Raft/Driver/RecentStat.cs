namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Values of the last half minute or minute, as Kafka's own metrics keep them: two windows, the older of which
/// goes when the newer one is full.</summary>
/// <remarks>One writer at a time; any thread may read.</remarks>
public sealed class RecentStat(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Values _older;
    private Values _newer = new(time.GetTimestamp(), 0, 0, 0);

    /// <summary>Not a number where there are no values.</summary>
    public double Average => Sum() is { Count: > 0 } values ? values.Total / values.Count : double.NaN;

    /// <inheritdoc cref="Average"/>
    public double Max => Sum() is { Count: > 0 } values ? values.Max : double.NaN;

    /// <summary>The sum of the values by the seconds that they came in.</summary>
    public double PerSecond
    {
        get
        {
            Values values = Sum();
            return values.Total / Math.Max(1, time.GetElapsedTime(values.Start).TotalSeconds);
        }
    }

    internal void Record(double value)
    {
        lock (_lock)
        {
            Turn();
            _newer = new Values(
                _newer.Start, _newer.Count + 1, _newer.Total + value, Math.Max(_newer.Max, value));
        }
    }

    private Values Sum()
    {
        lock (_lock)
        {
            Turn();
            return _older.Start == 0
                ? _newer
                : new Values(
                    _older.Start, _older.Count + _newer.Count, _older.Total + _newer.Total,
                    Math.Max(_older.Max, _newer.Max));
        }
    }

    private void Turn()
    {
        long now = time.GetTimestamp();
        TimeSpan age = time.GetElapsedTime(_newer.Start, now);
        if (age >= Window)
        {
            _older = age < 2 * Window ? _newer : default;
            _newer = new Values(now, 0, 0, 0);
        }
    }

    private readonly record struct Values(long Start, long Count, double Total, double Max);
}
