namespace KRaftSharp.Log.Segments;

/// <summary>Searches in the published, immutable array of a log's segments.</summary>
internal static class SegmentList
{
    /// <summary>The last segment that starts at or before an offset; -1 if none does.</summary>
    public static int FindFloor(ReadOnlySpan<LogSegment> segments, long offset)
    {
        int low = 0;
        int high = segments.Length - 1;
        if (high >= 0 && segments[high].BaseOffset <= offset)
        {
            return high;
        }

        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
