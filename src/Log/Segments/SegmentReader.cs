using KRaftSharp.Log.Recovery;

namespace KRaftSharp.Log.Segments;

/// <summary>Finds batches in a segment, for a thread that holds it.</summary>
internal static class SegmentReader
{
    private const int SearchChunkBytes = 4096;

    /// <summary>
    /// Where the records from <paramref name="startOffset"/> up to <paramref name="upperOffset"/> lie.
    /// </summary>
    /// <returns>False when the segment has none.</returns>
    public static bool TryLocate(
        LogSegment segment, long startOffset, long upperOffset, int maxBytes, bool minOneBatch,
        out int position, out int length)
    {
        length = 0;
        int end = EndFor(segment, upperOffset);
        int firstBatchBytes = 0;
        if (!segment.Recent.TryFind(startOffset, out position)
            && !TryFindBatch(segment, startOffset, end, out position, out firstBatchBytes))
        {
            return false;
        }

        if (position >= end)
        {
            return false;
        }

        length = end - position;
        if (length > maxBytes)
        {
            if (firstBatchBytes == 0)
            {
                firstBatchBytes = SizeAt(segment, position, end);
            }

            length = firstBatchBytes <= maxBytes ? Math.Max(maxBytes, 0) : minOneBatch ? firstBatchBytes : 0;
        }

        return true;
    }

    /// <summary>The first batch that ends at or beyond <paramref name="offset"/>, before <paramref name="end"/>.
    /// </summary>
    public static bool TryFindBatch(LogSegment segment, long offset, int end, out int position, out int sizeBytes)
    {
        (long indexedOffset, int start) = segment.Offsets.Lookup(offset);
        if (start > 0 && start < end && indexedOffset <= offset)
        {
            using var scanner = new BatchScanner(segment.File, start, end, chunkBytes: SearchChunkBytes);

            // An index that points at no batch, or at another than it says, is of another log: it is not followed.
            if (scanner.MoveNext() && scanner.BaseOffset >= segment.BaseOffset && scanner.LastOffset <= indexedOffset)
            {
                return Search(scanner, offset, out position, out sizeBytes);
            }
        }

        using var fromStart = new BatchScanner(segment.File, 0, end, chunkBytes: SearchChunkBytes);
        position = 0;
        sizeBytes = 0;
        return fromStart.MoveNext() && Search(fromStart, offset, out position, out sizeBytes);
    }

    private static bool Search(BatchScanner scanner, long offset, out int position, out int sizeBytes)
    {
        do
        {
            if (scanner.LastOffset >= offset)
            {
                position = (int)scanner.BatchPosition;
                sizeBytes = scanner.SizeBytes;
                return true;
            }
        }
        while (scanner.MoveNext());

        position = 0;
        sizeBytes = 0;
        return false;
    }

    // The size is read before the next offset: see LogSegment.Publish.
    private static int EndFor(LogSegment segment, long upperOffset)
    {
        int size = segment.SizeBytes;
        if (upperOffset >= segment.NextOffset || segment.Recent.TryFind(upperOffset, out int end) is false
            && !TryFindBatch(segment, upperOffset, size, out end, out _))
        {
            return size;
        }

        return Math.Min(end, size);
    }

    private static int SizeAt(LogSegment segment, int position, int end)
    {
        using var scanner = new BatchScanner(segment.File, position, end, chunkBytes: SearchChunkBytes);
        return scanner.MoveNext() ? scanner.SizeBytes : 0;
    }
}
