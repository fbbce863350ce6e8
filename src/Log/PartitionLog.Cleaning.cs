using KRaftSharp.Log.Cleaning;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log;

/// <content>What log compaction needs of a log, and the change it makes in it.</content>
public sealed partial class PartitionLog
{
    private long _cleanedTo = -1;

    /// <summary>The first offset that no cleaning has looked at; -1 when there was none. Any thread.</summary>
    public long CleanedTo => Volatile.Read(ref _cleanedTo);

    /// <summary>Cleaning a log ends with this. On the owner's strand.</summary>
    internal void MarkCleaned(long offset) => Volatile.Write(ref _cleanedTo, Math.Min(offset, _logEndOffset));

    /// <summary>How often the log was truncated: who reads it at length begins anew when this has changed.</summary>
    public int Truncations => _recovery.Truncations;

    internal bool IsClosed => _isClosed;

    /// <summary>A snapshot of the segments, in order; the last is the active one. Any thread.</summary>
    internal LogSegment[] Segments => Volatile.Read(ref _segments);

    /// <summary>How far the log is clean and could be cleaned at a time. Any thread.</summary>
    /// <remarks>Never cleaned: the active segment, what is beyond the last stable offset or not durable, and what is
    /// younger than min.compaction.lag.ms. What supersedes a record must survive whatever the record would have.
    /// </remarks>
    public CleanableRange MeasureCleanable(long nowMs)
    {
        LogOptions options = Options;
        LogSegment[] segments = Segments;
        if (segments.Length == 0)
        {
            return default;
        }

        long firstDirty = FirstDirtyOffset();
        LogSegment active = segments[^1];
        long limit = Math.Min(Math.Min(LastStableOffset, active.BaseOffset), RecoveryPoint);
        long newestMs = nowMs - Math.Max(options.MinCompactionLagMs, 0);
        long firstUncleanable = active.BaseOffset;
        long earliestMs = long.MaxValue;
        for (int i = segments.Length - 2; i >= 0; i--)
        {
            LogSegment segment = segments[i];
            long end = segments[i + 1].BaseOffset;
            bool isDirty = end > firstDirty;
            if (isDirty && segment.FirstTimestampMs is > 0 and { } firstMs)
            {
                earliestMs = Math.Min(earliestMs, firstMs);
            }

            if (end > limit || (isDirty && options.MinCompactionLagMs > 0 && segment.MaxTimestampMs > newestMs))
            {
                firstUncleanable = segment.BaseOffset;
            }
        }

        return new CleanableRange(
            firstDirty,
            firstUncleanable,
            BytesBetween(segments, long.MinValue, firstDirty),
            BytesBetween(segments, Math.Min(firstDirty, firstUncleanable), firstUncleanable),
            earliestMs < nowMs - Math.Max(options.MaxCompactionLagMs, 0));
    }

    /// <summary>What is known of the producers now. On the owner's strand.</summary>
    internal IReadOnlyDictionary<long, LastRecord> LastRecordsOfProducers() => _producers.Entries.ToDictionary(
        static entry => entry.ProducerId,
        static entry => new LastRecord(entry.LastBatch?.LastOffset ?? LastRecord.OnlyMarkers, entry.Epoch));

    /// <summary>The aborted transactions that may have batches between two offsets, by the segments given.</summary>
    internal static List<AbortedTransaction> AbortedBetween(LogSegment[] segments, long start, long end)
    {
        List<AbortedTransaction> found = [];
        for (int i = Math.Max(0, SegmentList.FindFloor(segments, start)); i < segments.Length; i++)
        {
            foreach (AbortedTransaction aborted in segments[i].Aborted.Entries)
            {
                if (aborted.LastOffset >= start && aborted.FirstOffset < end)
                {
                    found.Add(aborted);
                }

                if (aborted.LastStableOffset >= end)
                {
                    return found;
                }
            }
        }

        return found;
    }

    /// <summary>A segment under temporary names, to be written by a cleaning.</summary>
    internal CleanedSegment NewCleanedSegment(long baseOffset, long createdMs, int bufferBytes) =>
        new(_storage, Directory, baseOffset, Options.IndexIntervalBytes, createdMs, bufferBytes);

    /// <summary>Puts a cleaned segment, complete under temporary names, in the place of those it was made of.</summary>
    /// <param name="truncations">As <see cref="Truncations"/> was when they were read.</param>
    /// <returns>False when the log is no longer what was cleaned; then nothing has happened.</returns>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    internal bool ReplaceSegments(LogSegment cleaned, LogSegment[] old, int truncations) => Guard(() =>
    {
        LogSegment[] now = _segments;
        int first = Array.IndexOf(now, old[0]);
        int next = first + old.Length;
        if (_isClosed || truncations != Truncations || first < 0 || next >= now.Length
            || !now.AsSpan(first, old.Length).SequenceEqual(old))
        {
            return false;
        }

        string directory = Directory;
        SegmentSwap.Announce(_storage, directory, cleaned.BaseOffset);
        RenameReplaced(old);
        SegmentSwap.Complete(_storage, directory, cleaned.BaseOffset);
        cleaned.Seal();
        cleaned.MarkSealed(now[next].BaseOffset);
        Volatile.Write(ref _segments, [.. now[..first], cleaned, .. now[next..]]);
        Volatile.Write(ref _sizeBytes, _segments.Sum(static segment => (long)segment.SizeBytes));
        Release(old);
        foreach (LogSegment merged in old.AsSpan(1))
        {
            _snapshots.DeleteAt(merged.BaseOffset);
        }

        return true;
    });

    /// <summary>What a crash leaves of the old files must not be taken for the new ones': of the segment that starts
    /// where the new one does, the records go last; of the others, first.</summary>
    private void RenameReplaced(LogSegment[] old)
    {
        string directory = Directory;
        RenameToDeleted(
        [
            .. LogLoader.SegmentPaths(directory, old[0].BaseOffset).Reverse(),
            .. old.Skip(1).SelectMany(segment => LogLoader.SegmentPaths(directory, segment.BaseOffset)),
        ]);
    }

    /// <summary>Whoever uses the log's disk besides its owner met a failure. Any thread.</summary>
    internal void GoOffline(StorageException error) => Fail(error);

    private long FirstDirtyOffset()
    {
        long cleanedTo = CleanedTo;
        long start = LogStartOffset;
        return cleanedTo < start || cleanedTo > LogEndOffset ? start : cleanedTo;
    }

    private static long BytesBetween(LogSegment[] segments, long from, long to)
    {
        long bytes = 0;
        for (int i = 0; i < segments.Length && segments[i].BaseOffset < to; i++)
        {
            if (i + 1 == segments.Length || segments[i + 1].BaseOffset > from)
            {
                bytes += segments[i].SizeBytes;
            }
        }

        return bytes;
    }
}
