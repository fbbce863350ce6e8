namespace KRaftSharp.Log.Cleaning;

/// <summary>What of a compacted log is clean, what could be cleaned now, and what must not be touched yet.</summary>
/// <param name="FirstDirtyOffset">Records below are of different keys.</param>
/// <param name="FirstUncleanableOffset">The start of a segment; from here on nothing is cleaned.</param>
/// <param name="CleanBytes">Size of the segments that begin below the first dirty offset.</param>
/// <param name="CleanableBytes">Size of the segments that would be cleaned for the first time.</param>
/// <param name="IsOverdue">max.compaction.lag.ms has passed.</param>
public readonly record struct CleanableRange(
    long FirstDirtyOffset, long FirstUncleanableOffset, long CleanBytes, long CleanableBytes, bool IsOverdue)
{
    public long TotalBytes => CleanBytes + CleanableBytes;

    /// <summary>What min.cleanable.dirty.ratio is compared with.</summary>
    public double DirtyRatio => TotalBytes == 0 ? 0 : (double)CleanableBytes / TotalBytes;

    /// <summary>Whether it is worth cleaning now.</summary>
    public bool IsDue(double minDirtyRatio) =>
        TotalBytes > 0 && ((IsOverdue && CleanableBytes > 0) || DirtyRatio > minDirtyRatio);
}
