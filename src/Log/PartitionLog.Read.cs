using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <content>Reading, by any thread.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Reads whole and perhaps a last cut batch, from the batch that holds <paramref name="startOffset"/> on.
    /// </summary>
    /// <param name="maxBytes">The most bytes, but for a first batch that is larger.</param>
    /// <param name="upperBoundOffset">Nothing at or beyond this offset is read: high watermark, last stable offset or
    /// log end.</param>
    /// <param name="minOneBatch">Return the first batch whole even when it exceeds <paramref name="maxBytes"/>;
    /// otherwise nothing is returned then.</param>
    /// <param name="deferFromBytes">So many bytes of a file of the operating system are not read, they are
    /// <see cref="FileBytes"/>.</param>
    public LogReadResult Read(
        long startOffset, int maxBytes, long upperBoundOffset, bool minOneBatch, int deferFromBytes = int.MaxValue)
    {
        LogSlice slice = Locate(startOffset, maxBytes, upperBoundOffset, minOneBatch);
        if (slice.Length >= deferFromBytes && FileBytes.TryCreate(slice, _settings.Buffers) is { } deferred)
        {
            return Result(ErrorCode.None, deferred.Memory, deferred, slice);
        }

        using (slice)
        {
            return slice.Length == 0 ? Result(slice.Error, default, null, slice) : ReadAll(slice);
        }
    }

    /// <summary>As <see cref="Read"/>, but only says where the bytes lie.</summary>
    public LogSlice Locate(long startOffset, int maxBytes, long upperBoundOffset, bool minOneBatch)
    {
        if (IsOffline)
        {
            return new LogSlice { Error = ErrorCode.KafkaStorageError };
        }

        long end = LogEndOffset;
        if (startOffset < LogStartOffset || startOffset > end)
        {
            return new LogSlice { Error = ErrorCode.OffsetOutOfRange };
        }

        long upper = Math.Min(upperBoundOffset, end);
        if (startOffset >= upper)
        {
            return default;
        }

        try
        {
            return Find(startOffset, upper, maxBytes, minOneBatch);
        }
        catch (StorageException error)
        {
            Fail(error);
            return new LogSlice { Error = ErrorCode.KafkaStorageError };
        }
    }

    /// <summary>The first record whose timestamp is at least <paramref name="timestampMs"/>; null if none.</summary>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public TimestampedOffset? FindOffsetByTimestamp(long timestampMs) => Guard(() =>
    {
        long logStart = LogStartOffset;
        foreach (LogSegment segment in Volatile.Read(ref _segments))
        {
            if (segment.MaxTimestampMs < timestampMs || segment.NextOffset <= logStart || !segment.TryAcquire())
            {
                continue;
            }

            using (segment)
            {
                if (TimestampSearch.FindFirst(segment, timestampMs, logStart) is { } found)
                {
                    return (TimestampedOffset?)found;
                }
            }
        }

        return null;
    });

    /// <summary>The first record that has the greatest timestamp of the log; null when it is empty.</summary>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public TimestampedOffset? FindMaxTimestamp() => Guard(() =>
    {
        LogSegment? latest = null;
        foreach (LogSegment segment in Volatile.Read(ref _segments))
        {
            if (segment.MaxTimestampMs > (latest?.MaxTimestampMs ?? RecordBatchLayout.NoTimestamp))
            {
                latest = segment;
            }
        }

        if (latest is null || !latest.TryAcquire())
        {
            return null;
        }

        using (latest)
        {
            return TimestampSearch.FindFirst(latest, latest.MaxTimestampMs, LogStartOffset);
        }
    });

    private LogReadResult ReadAll(in LogSlice slice)
    {
        ReadBuffer buffer = _settings.Buffers.Rent(slice.Length, slice.Position);
        try
        {
            int count = slice.ReadTo(buffer.Memory.Span);
            return Result(ErrorCode.None, buffer.Memory[..count], buffer, slice);
        }
        catch (StorageException error)
        {
            buffer.Dispose();
            Fail(error);
            return Result(ErrorCode.KafkaStorageError, default, null, slice);
        }
    }

    private LogSlice Find(long startOffset, long upper, int maxBytes, bool minOneBatch)
    {
        LogSegment[] segments = Volatile.Read(ref _segments);
        int at = Math.Max(0, SegmentList.FindFloor(segments, startOffset));
        while (at < segments.Length && segments[at].BaseOffset < upper)
        {
            LogSegment segment = segments[at];
            if (!segment.TryAcquire())
            {
                // Retention or a truncation has just dropped it: the published segments no longer hold it either.
                LogSegment[] now = Volatile.Read(ref _segments);
                if (ReferenceEquals(now, segments))
                {
                    return default;
                }

                segments = now;
                at = Math.Max(0, SegmentList.FindFloor(segments, startOffset));
                continue;
            }

            bool isFound = SegmentReader.TryLocate(
                segment, startOffset, upper, maxBytes, minOneBatch, out int position, out int length);
            if (length > 0)
            {
                return new LogSlice
                {
                    File = segment.File,
                    Position = position,
                    Length = length,
                    SegmentBaseOffset = segment.BaseOffset,
                    Lease = segment,
                };
            }

            segment.Dispose();
            if (isFound)
            {
                // The first batch is larger than wanted.
                return default;
            }

            at++;
        }

        return default;
    }

    private LogReadResult Result(
        ErrorCode error, ReadOnlyMemory<byte> records, IDisposable? lease, in LogSlice slice)
    {
        return new LogReadResult
        {
            Error = error,
            Records = records,
            SegmentBaseOffset = lease is null ? -1 : slice.SegmentBaseOffset,
            Position = slice.Position,
            LogStartOffset = LogStartOffset,
            HighWatermark = HighWatermark,
            LastStableOffset = LastStableOffset,
            LogEndOffset = LogEndOffset,
            Lease = lease,
        };
    }
}
