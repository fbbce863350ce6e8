using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Recovery;

/// <summary>Tells the indexes of a segment from those of another, and from what a crash left of them.</summary>
/// <remarks>Looks at the last entries, which costs a read or two; only on request at all of them. What slips through
/// cannot give a wrong answer: readers check the entry they use and search from the start when it is false.</remarks>
internal static class IndexCheck
{
    private const int ChunkBytes = 4096;

    /// <param name="segment">With its size and both indexes loaded.</param>
    /// <param name="limitOffset">All of the segment's offsets are below.</param>
    /// <param name="isSealed">It has the last entry that sealing adds.</param>
    /// <param name="isThorough">Whether to look at every entry.</param>
    public static bool IsPlausible(
        LogSegment segment, long limitOffset, int indexIntervalBytes, bool isSealed, bool isThorough)
    {
        if (isThorough && !(segment.Offsets.IsOrdered(limitOffset, segment.SizeBytes)
            && segment.Times.IsOrdered(limitOffset)))
        {
            return false;
        }

        return IsOffsetIndexPlausible(segment, limitOffset, indexIntervalBytes)
            && IsTimeIndexPlausible(segment, limitOffset, isSealed);
    }

    private static bool IsOffsetIndexPlausible(LogSegment segment, long limitOffset, int indexIntervalBytes)
    {
        int size = segment.SizeBytes;
        int position = 0;
        if (segment.Offsets.Last is { } last)
        {
            position = last.Position;
            if (last.Offset < segment.BaseOffset || last.Offset >= limitOffset || position < 0 || position >= size)
            {
                return false;
            }

            using var entry = new BatchScanner(segment.File, position, size, chunkBytes: ChunkBytes);
            if (!entry.MoveNext() || entry.BaseOffset < segment.BaseOffset || entry.LastOffset > last.Offset)
            {
                return false;
            }
        }

        // A batch that starts so far beyond the last entry would have got one of its own.
        using var tail = new BatchScanner(segment.File, position, size, chunkBytes: ChunkBytes);
        while (tail.MoveNext())
        {
            if (tail.BatchPosition - position > indexIntervalBytes)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsTimeIndexPlausible(LogSegment segment, long limitOffset, bool isSealed)
    {
        int size = segment.SizeBytes;
        if (segment.Times.Last is not { } last)
        {
            return segment.Offsets.Count == 0 && !(isSealed && size > 0);
        }

        if (last.TimestampMs < 0 || last.Offset < segment.BaseOffset || last.Offset >= limitOffset
            || !SegmentReader.TryFindBatch(segment, last.Offset, size, out int position, out _))
        {
            return false;
        }

        using var batch = new BatchScanner(segment.File, position, size, chunkBytes: ChunkBytes);
        return batch.MoveNext() && batch.BaseOffset <= last.Offset && batch.MaxTimestampMs == last.TimestampMs;
    }
}
