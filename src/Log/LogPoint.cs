namespace KRaftSharp.Log;

/// <summary>An epoch and the (exclusive) end offset of what a log holds of it; ordered by epoch, then offset.</summary>
public readonly record struct LogPoint(int Epoch, long EndOffset) : IComparable<LogPoint>
{
    /// <summary>What a log answers about an epoch that it knows nothing of: -1 and -1.</summary>
    public static LogPoint Undefined { get; } = new(-1, -1);

    public int CompareTo(LogPoint other)
    {
        int byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : EndOffset.CompareTo(other.EndOffset);
    }

    public static bool operator <(LogPoint left, LogPoint right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPoint left, LogPoint right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPoint left, LogPoint right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPoint left, LogPoint right) => left.CompareTo(right) >= 0;
}
