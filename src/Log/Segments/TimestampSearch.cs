using KRaftSharp.Log.Recovery;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Segments;

/// <summary>Finds records by time in a segment that the caller holds.</summary>
internal static class TimestampSearch
{
    /// <summary>The first record at or after an offset whose timestamp is at least the one given.</summary>
    public static TimestampedOffset? FindFirst(LogSegment segment, long timestampMs, long firstOffset)
    {
        int size = segment.SizeBytes;
        using var scanner = new BatchScanner(segment.File, StartOf(segment, timestampMs, size), size);
        while (scanner.MoveNext())
        {
            if (scanner.MaxTimestampMs < timestampMs || scanner.LastOffset < firstOffset)
            {
                continue;
            }

            if (RecordBatchView.TryParse(scanner.ReadBatch(), out RecordBatchView batch))
            {
                using var records = new RecordReader(batch);
                while (records.MoveNext())
                {
                    ref readonly RecordView record = ref records.Current;
                    if (record.Timestamp >= timestampMs && record.Offset >= firstOffset)
                    {
                        return new TimestampedOffset(record.Timestamp, record.Offset, batch.PartitionLeaderEpoch);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The batch of the last index entry before the time, if the entry tells the truth about it.</summary>
    private static int StartOf(LogSegment segment, long timestampMs, int size)
    {
        if (segment.Times.Lookup(timestampMs) is not { } entry
            || !SegmentReader.TryFindBatch(segment, entry.Offset, size, out int position, out _))
        {
            return 0;
        }

        using var scanner = new BatchScanner(segment.File, position, size, chunkBytes: RecordBatchLayout.HeaderSize);
        return scanner.MoveNext() && scanner.BaseOffset <= entry.Offset && scanner.MaxTimestampMs == entry.TimestampMs
            ? position
            : 0;
    }
}
