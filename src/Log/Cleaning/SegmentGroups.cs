using KRaftSharp.Log.Indexes;
using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Which neighbouring segments become one when they are cleaned.</summary>
internal static class SegmentGroups
{
    /// <param name="segments">In order.</param>
    /// <param name="endOffset">What follows the last of them.</param>
    public static IEnumerable<LogSegment[]> Of(
        IReadOnlyList<LogSegment> segments, long endOffset, int maxBytes, int maxIndexBytes)
    {
        int start = 0;
        while (start < segments.Count)
        {
            int next = start;
            long bytes = 0;
            long indexBytes = 0;
            long timeBytes = 0;
            do
            {
                bytes += segments[next].SizeBytes;
                indexBytes += IndexBytes(segments[next]);
                timeBytes += TimeBytes(segments[next]);
                next++;
            }
            while (next < segments.Count
                && bytes + segments[next].SizeBytes <= maxBytes
                && indexBytes + IndexBytes(segments[next]) <= maxIndexBytes
                && timeBytes + TimeBytes(segments[next]) <= maxIndexBytes
                && (segments[next].SizeBytes == 0 || IsWithinRange(segments, start, next, endOffset)));
            yield return [.. segments.Skip(start).Take(next - start)];
            start = next;
        }
    }

    /// <summary>Indexes hold offsets as 32 bits.</summary>
    private static bool IsWithinRange(IReadOnlyList<LogSegment> segments, int first, int next, long endOffset)
    {
        long end = next + 1 < segments.Count ? segments[next + 1].BaseOffset : endOffset;
        return end - 1 - segments[first].BaseOffset <= int.MaxValue;
    }

    private static long IndexBytes(LogSegment segment) => (long)segment.Offsets.Count * OffsetIndex.EntrySize;

    private static long TimeBytes(LogSegment segment) => (long)segment.Times.Count * TimeIndex.EntrySize;
}
