using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log;

/// <content>Cutting the log at its end and at its start.</content>
public sealed partial class PartitionLog
{
    /// <summary>Removes everything from <paramref name="offset"/> on. Returns false when there is nothing.</summary>
    /// <remarks>A batch that only begins before the offset goes whole, and the log ends where it began.</remarks>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public bool TruncateTo(long offset) => Guard(() =>
    {
        if (offset >= _logEndOffset)
        {
            // An epoch that was assigned here but has no batch goes all the same: the new leader does not know of it.
            _epochs.TruncateFromEnd(offset);
            return false;
        }

        if (offset < _segments[0].BaseOffset)
        {
            StartAnew(offset, null);
            return true;
        }

        int last = SegmentList.FindFloor(_segments, offset);
        LogSegment segment = _segments[last];
        long end = offset;
        int position = segment.SizeBytes;
        if (SegmentReader.TryFindBatch(segment, offset, segment.SizeBytes, out int found, out _))
        {
            position = found;
            using var scanner = new BatchScanner(segment.File, position, segment.SizeBytes);
            end = scanner.MoveNext() ? Math.Min(offset, scanner.BaseOffset) : offset;
        }

        EndAt(end);
        Drop(_segments.AsSpan(last + 1).ToArray());
        segment.TruncateTo(position, end, _options.IndexIntervalBytes);
        FinishTruncation(end);
        return true;
    });

    /// <summary>Removes everything and starts at <paramref name="offset"/>.</summary>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public void TruncateFullyAndStartAt(long offset, long? highWatermark = null) => Guard(() =>
    {
        StartAnew(offset, highWatermark);
        return 0;
    });

    /// <summary>
    /// Moves the log start forward (DeleteRecords, a snapshot, the leader's log start), at most to the high watermark;
    /// files go by <see cref="ApplyRetention"/>. Returns whether it moved.
    /// </summary>
    public bool AdvanceLogStartOffset(long offset)
    {
        ThrowIfOffline();
        if (offset <= _logStartOffset || offset > _highWatermark)
        {
            return false;
        }

        Volatile.Write(ref _logStartOffset, offset);
        _epochs.TruncateFromStart(offset);
        PublishFirstUnstableOffset();
        return true;
    }

    /// <summary>Drops segments by time, size and log start, and producers by age.</summary>
    /// <returns>How many segments went.</returns>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public int ApplyRetention(long nowMs) => Guard(() =>
    {
        _producers.RemoveExpired(nowMs);
        int count = DeleteBelowLogStart();
        if (_options.IsDeleted)
        {
            count += DeleteByTime(nowMs);
            count += DeleteBySize();
        }

        return count;
    });

    /// <summary>Drops only segments that lie wholly below the log start. Returns how many went.</summary>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public int DeleteSegmentsBelowLogStart() => Guard(DeleteBelowLogStart);

    private int DeleteBelowLogStart()
    {
        int count = 0;
        while (count + 1 < _segments.Length && _segments[count + 1].BaseOffset <= _logStartOffset)
        {
            count++;
        }

        return DeleteOldest(count);
    }

    private int DeleteByTime(long nowMs)
    {
        if (_options.RetentionMs < 0)
        {
            return 0;
        }

        int count = 0;
        while (count < _segments.Length && IsBelowHighWatermark(count)
            && nowMs - NewestMs(_segments[count]) > _options.RetentionMs)
        {
            count++;
        }

        return DeleteOldest(count);
    }

    private int DeleteBySize()
    {
        if (_options.RetentionBytes < 0)
        {
            return 0;
        }

        long excess = _sizeBytes - _options.RetentionBytes;
        int count = 0;
        while (count < _segments.Length && IsBelowHighWatermark(count) && excess >= _segments[count].SizeBytes)
        {
            excess -= _segments[count].SizeBytes;
            count++;
        }

        return DeleteOldest(count);
    }

    private static long NewestMs(LogSegment segment) =>
        segment.MaxTimestampMs >= 0 ? segment.MaxTimestampMs : segment.CreatedMs;

    /// <summary>Whether all of a segment is committed, and there is something of it.</summary>
    private bool IsBelowHighWatermark(int index) => index + 1 < _segments.Length
        ? _segments[index + 1].BaseOffset <= _highWatermark
        : _segments[index].SizeBytes > 0 && _logEndOffset <= _highWatermark;

    private int DeleteOldest(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        if (count == _segments.Length)
        {
            RollTo(_logEndOffset);
        }

        LogSegment[] old = _segments.AsSpan(0, count).ToArray();
        long start = Math.Max(_logStartOffset, _segments[count].BaseOffset);
        Volatile.Write(ref _logStartOffset, start);
        Drop(old);
        _epochs.TruncateFromStart(start);
        PublishFirstUnstableOffset();
        _snapshots.DeleteBefore(_segments[0].BaseOffset);
        return count;
    }

    private void StartAnew(long offset, long? highWatermark)
    {
        LogSegment[] old = _segments;
        EndAt(Math.Min(offset, _logEndOffset));
        lock (_fileNames)
        {
            RenameToDeleted(old);
            LogSegment first = LogSegment.Create(
                _storage, Directory, offset, _options, NowMs(), LogLoader.Jitter(_options, _settings.Chance));
            Volatile.Write(ref _segments, [first]);
        }

        Release(old);
        Volatile.Write(ref _sizeBytes, 0);
        _epochs.Clear();
        Volatile.Write(ref _cleanedTo, Math.Min(_cleanedTo, offset));
        _snapshots.DeleteAll();
        _producers.Reset(offset);
        _isDirectoryDirty = true;
        _recovery.Restart(offset);
        _settings.RecoveryPointLowered?.Invoke(this);
        Volatile.Write(ref _logEndOffset, offset);
        Volatile.Write(ref _logStartOffset, offset);
        Volatile.Write(ref _highWatermark, Math.Clamp(highWatermark ?? offset, offset, offset));
        PublishFirstUnstableOffset();
    }

    /// <summary>Readers see the new end before any byte goes.</summary>
    private void EndAt(long end)
    {
        Volatile.Write(ref _logEndOffset, end);
        if (_highWatermark > end)
        {
            Volatile.Write(ref _highWatermark, end);
        }

        if (_logStartOffset > end)
        {
            Volatile.Write(ref _logStartOffset, end);
        }
    }

    private void FinishTruncation(long end)
    {
        Volatile.Write(ref _sizeBytes, _segments.Sum(static segment => (long)segment.SizeBytes));
        _epochs.TruncateFromEnd(end);
        Volatile.Write(ref _cleanedTo, Math.Min(_cleanedTo, end));
        if (_recovery.Lower(end))
        {
            _settings.RecoveryPointLowered?.Invoke(this);
        }

        if (_producers.WasUpdatedSince(end))
        {
            IReadOnlyList<EndedTransaction> ended = _producers.Unreplicated();
            LogLoader.ReplayProducers(_producers, _snapshots, _segments, _logStartOffset, end, NowMs());
            _producers.Remember(ended);
        }
        else
        {
            _snapshots.DeleteBeyond(end);
            _producers.MoveEndBack(end);
        }

        _producers.OnHighWatermark(_highWatermark);
        PublishFirstUnstableOffset();
    }

    private void Drop(LogSegment[] segments)
    {
        if (segments.Length > 0)
        {
            lock (_fileNames)
            {
                RenameToDeleted(segments);
                Volatile.Write(ref _segments, [.. _segments.Except(segments)]);
            }

            Volatile.Write(ref _sizeBytes, _segments.Sum(static segment => (long)segment.SizeBytes));
            Release(segments);
            _isDirectoryDirty = true;
        }
    }

    /// <summary>From here on the files do not count, whatever happens; they are removed later.</summary>
    private void RenameToDeleted(LogSegment[] segments) => RenameToDeleted(
        segments.SelectMany(segment => LogLoader.SegmentPaths(Directory, segment.BaseOffset)));

    private void RenameToDeleted(IEnumerable<string> paths)
    {
        List<string> renamed = [];
        foreach (string path in paths)
        {
            if (_storage.FileExists(path))
            {
                _storage.Rename(path, path + SegmentFiles.Deleted);
                renamed.Add(path + SegmentFiles.Deleted);
            }
        }

        _deletion.Schedule(storage => renamed.ForEach(storage.Delete), _options.FileDeleteDelayMs);
    }

    private static void Release(LogSegment[] segments)
    {
        foreach (LogSegment segment in segments)
        {
            segment.Dispose();
        }
    }
}
