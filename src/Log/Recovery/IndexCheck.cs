using KRaftSharp.Log.Segments;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Recovery;

/// <summary>Tells the indexes of a segment from those of another, and from what a crash left of them.</summary>
/// <remarks>Looks at the last entries, which costs a read or two; only on request at all of them. What slips through
/// cannot give a wrong answer: readers check the entry they use and search from the start when it is false.</remarks>
internal static class IndexCheck
{
    private const int ChunkBytes = 4096;

    // Where the greatest timestamp lies far from the end, a start does not read all that follows it.
    private const int MostBytesSearched = 4 * 1024 * 1024;

    /// <param name="segment">With its size and both indexes loaded.</param>
    /// <param name="limitOffset">All of the segment's offsets are below.</param>
    /// <param name="isThorough">Whether to look at every entry.</param>
    public static bool IsPlausible(LogSegment segment, long limitOffset, int indexIntervalBytes, bool isThorough)
    {
        if (isThorough && !(segment.Offsets.IsOrdered(limitOffset, segment.SizeBytes)
            && segment.Times.IsOrdered(limitOffset)))
        {
            return false;
        }

        return IsOffsetIndexPlausible(segment, limitOffset, indexIntervalBytes)
            && IsTimeIndexPlausible(segment, limitOffset);
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

    /// <summary>
    /// The last entry must be true, and no later batch may have a greater timestamp: sealing and closing add an entry
    /// for the greatest one.
    /// </summary>
    private static bool IsTimeIndexPlausible(LogSegment segment, long limitOffset)
    {
        int size = segment.SizeBytes;
        int position = 0;
        long newest = RecordBatchLayout.NoTimestamp;
        if (segment.Times.Last is { } last)
        {
            if (last.TimestampMs < 0 || last.Offset < segment.BaseOffset || last.Offset >= limitOffset
                || !SegmentReader.TryFindBatch(segment, last.Offset, size, out position, out _))
            {
                return false;
            }

            using var batch = new BatchScanner(segment.File, position, size, chunkBytes: ChunkBytes);
            if (!batch.MoveNext() || batch.BaseOffset > last.Offset || batch.MaxTimestampMs != last.TimestampMs)
            {
                return false;
            }

            newest = last.TimestampMs;
        }

        using var tail = new BatchScanner(segment.File, position, size, chunkBytes: ChunkBytes);
        while (tail.MoveNext() && tail.BatchPosition - position <= MostBytesSearched)
        {
            if (tail.MaxTimestampMs > newest)
            {
                return false;
            }
        }

        return true;
    }
}
