using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Cleaning;

/// <summary>What a cleaning works on, taken at one moment on the owner's strand. Holds the segments.</summary>
internal sealed class CleaningPlan : IDisposable
{
    private readonly LogSegment[] _all;

    private CleaningPlan(
        PartitionLog log, LogSegment[] all, List<LogSegment> segments, CleanableRange range, CleaningStart start)
    {
        Log = log;
        _all = all;
        Segments = segments;
        Range = range;
        Options = log.Options;
        Truncations = start.Truncations;
        Producers = start.Producers;
    }

    public PartitionLog Log { get; }

    public CleanableRange Range { get; }

    public LogOptions Options { get; }

    /// <summary>Those below the first uncleanable offset.</summary>
    public IReadOnlyList<LogSegment> Segments { get; }

    public IReadOnlyDictionary<long, LastRecord> Producers { get; }

    public int Truncations { get; }

    /// <summary>Null when there is nothing to clean.</summary>
    public static CleaningPlan? Make(PartitionLog log, CleaningStart start, long nowMs)
    {
        if (log.IsClosed || log.IsOffline || log.Truncations != start.Truncations)
        {
            return null;
        }

        CleanableRange range = log.MeasureCleanable(nowMs);
        LogSegment[] all = log.Segments;
        List<LogSegment> held = [];
        foreach (LogSegment segment in all)
        {
            if (segment.BaseOffset < range.FirstUncleanableOffset && segment.TryAcquire())
            {
                held.Add(segment);
            }
        }

        return held.Count > 0 ? new CleaningPlan(log, all, held, range, start) : null;
    }

    /// <summary>Where a segment of the plan ends: where the next one begins.</summary>
    public long EndOf(LogSegment segment) => _all[Array.IndexOf(_all, segment) + 1].BaseOffset;

    public List<AbortedTransaction> AbortedBetween(long start, long end) =>
        PartitionLog.AbortedBetween(_all, start, end);

    public void Dispose()
    {
        foreach (LogSegment segment in Segments)
        {
            segment.Dispose();
        }
    }
}
