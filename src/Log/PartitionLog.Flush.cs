using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log;

/// <content>Making the log durable.</content>
public sealed partial class PartitionLog
{
    /// <summary>Held while files of segments get or lose their names, so that a flush never writes for a segment that
    /// was dropped meanwhile: its successor may have the same name.</summary>
    private readonly Lock _fileNames = new();

    private Task _flush = Task.CompletedTask;
    private long _lastFlushMs;

    /// <summary>When a flush last ended, or the log was opened. Any thread.</summary>
    public long LastFlushMs => Volatile.Read(ref _lastFlushMs);

    /// <summary>Makes everything below the log end of now durable. Completes on any thread.</summary>
    /// <remarks>Called on the owner's strand. Flushes of one log follow one another.</remarks>
    /// <exception cref="StorageException">The disk failed; the log is offline.</exception>
    public ValueTask FlushAsync()
    {
        ThrowIfOffline();
        return StartFlush() is { } flush ? new ValueTask(flush) : default;
    }

    /// <summary>The flush that covers the log end of now; null when nothing is left to flush.</summary>
    /// <remarks>Who does not await it hears of a failure by the log going offline.</remarks>
    private Task? StartFlush()
    {
        List<LogSegment>? dirty = null;
        List<(LogSegment Segment, byte[] Bytes)>? aborted = null;
        foreach (LogSegment segment in _segments)
        {
            if ((segment.IsDirty || segment.Aborted.IsChanged) && segment.TryAcquire())
            {
                segment.IsDirty = false;
                if (segment.Aborted.TakeChanges() is { } entries)
                {
                    (aborted ??= []).Add((segment, entries));
                }

                (dirty ??= new List<LogSegment>(1)).Add(segment);
            }
        }

        byte[]? epochs = _epochs.TakeChanges();
        if (dirty is null && epochs is null && !_isDirectoryDirty && _flush.IsCompletedSuccessfully)
        {
            return null;
        }

        var work = new FlushWork(
            dirty, aborted, epochs, _isDirectoryDirty, _logEndOffset, _recovery.Truncations);
        _isDirectoryDirty = false;
        return _flush = RunFlushAsync(_flush, work);
    }

    /// <summary>As flush.messages demands: what was appended is durable before it is answered. Blocks.</summary>
    private void FlushNow()
    {
        long start = _settings.Time.GetTimestamp();
        foreach (LogSegment segment in _segments)
        {
            if (segment.IsDirty)
            {
                segment.File.Flush();
                segment.IsDirty = false;
            }
        }

        if (_epochs.TakeChanges() is { } epochs)
        {
            _storage.WriteAtomically(SegmentFiles.Path(Directory, SegmentFiles.LeaderEpochCheckpoint), epochs);
        }

        if (_isDirectoryDirty)
        {
            SyncNames(Directory);
            _isDirectoryDirty = false;
        }

        if (_flush.IsCompletedSuccessfully)
        {
            _recovery.Advance(_logEndOffset, _recovery.Truncations);
            NoteFlush(start);
        }
    }

    private async Task RunFlushAsync(Task previous, FlushWork work)
    {
        try
        {
            if (!previous.IsCompletedSuccessfully)
            {
                await previous;
            }

            long start = _settings.Time.GetTimestamp();
            await FlushFilesAsync(work.Segments);
            work.Aborted?.ForEach(index => WriteAborted(index.Segment, index.Bytes));

            if (work.Epochs is { } epochs && !_isClosed)
            {
                _storage.WriteAtomically(
                    SegmentFiles.Path(Directory, SegmentFiles.LeaderEpochCheckpoint), epochs);
            }

            if (work.IsDirectoryDirty && !_isClosed)
            {
                SyncNames(Directory);
            }

            _recovery.Advance(work.EndOffset, work.Truncations);
            NoteFlush(start);
        }
        catch (StorageException error)
        {
            Fail(error);
            throw;
        }
        finally
        {
            work.Segments?.ForEach(static segment => segment.Dispose());
        }
    }

    private void NoteFlush(long start)
    {
        Volatile.Write(ref _lastFlushMs, NowMs());
        _settings.Flushed?.Invoke(_settings.Time.GetElapsedTime(start));
    }

    /// <summary>Mostly one file; several side by side.</summary>
    private static Task FlushFilesAsync(List<LogSegment>? segments) => segments switch
    {
        null => Task.CompletedTask,
        [LogSegment only] => only.File.FlushAsync().AsTask(),
        _ => Task.WhenAll(segments.Select(static segment => segment.File.FlushAsync().AsTask())),
    };

    /// <summary>A segment without aborted transactions has no such file.</summary>
    private void WriteAborted(LogSegment segment, byte[] bytes)
    {
        lock (_fileNames)
        {
            if (_isClosed || !_segments.Contains(segment))
            {
                return;
            }

            string path = SegmentFiles.Path(Directory, segment.BaseOffset, SegmentFiles.TransactionIndex);
            if (bytes.Length > 0)
            {
                _storage.WriteAtomically(path, bytes);
            }
            else if (_storage.FileExists(path))
            {
                _storage.Delete(path);
            }
        }
    }

    /// <summary>The names of files and of the directory itself, and what was written with its creation.</summary>
    private void SyncNames(string directory)
    {
        string metadata = SegmentFiles.Path(directory, SegmentFiles.PartitionMetadata);
        if (_storage.FileExists(metadata))
        {
            using IStorageFile file = _storage.Open(metadata, StorageOpenMode.Existing);
            file.Flush();
        }

        _storage.SyncDirectory(directory);
        int slash = directory.LastIndexOf('/');
        if (slash > 0)
        {
            _storage.SyncDirectory(directory[..slash]);
        }
    }

    /// <summary>What one flush makes durable, taken on the owner's strand.</summary>
    private sealed record FlushWork(
        List<LogSegment>? Segments,
        List<(LogSegment Segment, byte[] Bytes)>? Aborted,
        byte[]? Epochs,
        bool IsDirectoryDirty,
        long EndOffset,
        int Truncations);
}
