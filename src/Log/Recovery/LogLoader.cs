using KRaftSharp.Log.Cleaning;
using KRaftSharp.Log.Epochs;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Recovery;

/// <summary>Reads a log's directory and makes it good: keeps exactly the valid prefix of its records.</summary>
/// <remarks>
/// After an unclean stop every segment from the recovery point on is read through: its batches must have their
/// checksums and rising offsets; it is cut where that ends, its indexes are made anew, and later segments are
/// discarded. Segments before that, and all after a clean stop, are only looked at where they end and where their
/// indexes end; one that does not look right is read through as well.
/// </remarks>
internal sealed class LogLoader(PartitionLogSettings settings)
{
    private readonly IStorage _storage = settings.Storage;
    private readonly string _directory = settings.Directory;
    private readonly long _nowMs = settings.Time.WallClockMs();
    private readonly LeaderEpochCache _epochs = new();
    private List<LogSegment> _segments = [];

    public LoadedLog Load()
    {
        _storage.CreateDirectory(_directory);
        IReadOnlyList<string> names = RemoveLeftovers(
            SegmentSwap.Recover(_storage, _directory, _storage.ListFiles(_directory)));
        string epochPath = SegmentFiles.Path(_directory, SegmentFiles.LeaderEpochCheckpoint);
        _epochs.Load(_storage, epochPath);
        OpenSegments(names);
        int firstToRecover = settings.HadCleanShutdown ? _segments.Count : FirstToRecover();
        if (firstToRecover < _segments.Count)
        {
            _epochs.TruncateFromEnd(_segments[firstToRecover].BaseOffset + 1);
        }

        CheckSegments(firstToRecover);
        long logStart = PrepareEnds();
        long logEnd = _segments[^1].NextOffset;
        RestoreEpochs(logStart, logEnd);
        var snapshots = new ProducerSnapshots(_storage, _directory, names);
        if (firstToRecover < _segments.Count)
        {
            snapshots.DeleteBeyond(_segments[firstToRecover].BaseOffset);
        }

        LoadAborted(firstToRecover, snapshots);

        ProducerTable producers = LoadProducers(snapshots, logStart, logEnd);
        long recoveryPoint = settings.HadCleanShutdown ? logEnd : Math.Min(settings.RecoveryPoint, logEnd);
        return new LoadedLog(_segments, _epochs, producers, snapshots, logStart, recoveryPoint);
    }

    /// <summary>Brings the producers up to the log end: the latest snapshot, then the batches after it.</summary>
    public static void ReplayProducers(
        ProducerTable producers, ProducerSnapshots snapshots, IReadOnlyList<LogSegment> segments, long logStart,
        long logEnd, long nowMs, long highWatermark = long.MaxValue)
    {
        snapshots.DeleteBeyond(logEnd);
        snapshots.LoadLatest(producers, logStart, nowMs, highWatermark);
        foreach (LogSegment segment in segments)
        {
            if (segment.NextOffset <= producers.EndOffset || segment.SizeBytes == 0)
            {
                continue;
            }

            int size = segment.SizeBytes;
            if (!SegmentReader.TryFindBatch(segment, producers.EndOffset, size, out int position, out _))
            {
                continue;
            }

            using var scanner = new BatchScanner(segment.File, position, size);
            while (scanner.MoveNext())
            {
                EndedTransaction? ended = producers.Append(
                    ProducerHeader.Of(scanner.Header), scanner.IsControl ? scanner.ReadBatch() : default);
                segment.Note(ended);
            }
        }

        producers.AdvanceEndOffset(logEnd);
    }

    private List<string> RemoveLeftovers(IReadOnlyList<string> names)
    {
        List<string> kept = [];
        foreach (string name in names)
        {
            if (name.EndsWith(SegmentFiles.Deleted, StringComparison.Ordinal)
                || name.EndsWith(SegmentFiles.Temporary, StringComparison.Ordinal))
            {
                _storage.Delete(SegmentFiles.Path(_directory, name));
            }
            else
            {
                kept.Add(name);
            }
        }

        return kept;
    }

    private void OpenSegments(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!SegmentFiles.TryParse(name, SegmentFiles.Log, out long baseOffset))
            {
                RemoveOrphan(name, names);
                continue;
            }

            IStorageFile file = _storage.Open(SegmentFiles.Path(_directory, name), StorageOpenMode.Existing);
            var segment = new LogSegment(_storage, _directory, baseOffset, file, _nowMs)
            {
                JitterMs = Jitter(settings.Options, settings.Chance),
            };
            segment.SetLoadedSize((int)Math.Min(file.Length, int.MaxValue));
            _segments.Add(segment);
        }
    }

    internal static long Jitter(LogOptions options, Prng? chance) => options.SegmentJitterMs <= 0 || chance is null
        ? 0
        : chance.Below((int)Math.Clamp(Math.Min(options.SegmentJitterMs, options.SegmentMs), 1, int.MaxValue));

    /// <summary>An index without its segment would be taken for that of a later one.</summary>
    private void RemoveOrphan(string name, IReadOnlyList<string> names)
    {
        foreach (string suffix in (ReadOnlySpan<string>)
            [SegmentFiles.OffsetIndex, SegmentFiles.TimeIndex, SegmentFiles.TransactionIndex])
        {
            if (SegmentFiles.TryParse(name, suffix, out _)
                && !names.Contains(string.Concat(name.AsSpan(0, name.Length - suffix.Length), SegmentFiles.Log)))
            {
                _storage.Delete(SegmentFiles.Path(_directory, name));
            }
        }
    }

    /// <summary>The segment that the recovery point falls into: what is before was synced whole.</summary>
    private int FirstToRecover()
    {
        int found = _segments.FindLastIndex(segment => segment.BaseOffset <= settings.RecoveryPoint);
        return Math.Max(found, 0);
    }

    private void CheckSegments(int firstToRecover)
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            bool isLast = i == _segments.Count - 1;
            long limit = isLast ? long.MaxValue : _segments[i + 1].BaseOffset;
            LogSegment segment = _segments[i];
            bool isGood = i < firstToRecover && TryAccept(segment, limit, isLast);
            if (!isGood && Recover(segment, limit, setsEpochs: i >= firstToRecover) && !isLast)
            {
                DiscardFrom(i + 1);
                isLast = true;
            }

            if (!isLast)
            {
                segment.AddFinalTimeEntry();
                segment.Seal();
                segment.MarkSealed(limit);
            }
        }
    }

    /// <summary>Takes a segment as it is if it and its indexes look right.</summary>
    private bool TryAccept(LogSegment segment, long limitOffset, bool isLast)
    {
        bool hasIndexes = segment.Offsets.File.TryLoad(isSealed: !isLast)
            & segment.Times.File.TryLoad(isSealed: !isLast);
        return hasIndexes
            && segment.File.Length == segment.SizeBytes
            && IndexCheck.IsPlausible(
                segment, limitOffset, settings.Options.IndexIntervalBytes, isThorough: !settings.HadCleanShutdown)
            && segment.RestoreTail(settings.Options.IndexIntervalBytes)
            && segment.NextOffset <= limitOffset;
    }

    /// <summary>Reads a segment through, cuts it at its first bad batch, and makes its indexes anew.</summary>
    /// <param name="setsEpochs">Its epochs are not all in the checkpoint.</param>
    /// <returns>Whether something is missing at its end, so that later segments are of no use.</returns>
    private bool Recover(LogSegment segment, long limitOffset, bool setsEpochs)
    {
        long length = segment.File.Length;
        segment.Reset();
        using var scanner = new BatchScanner(segment.File, 0, Math.Min(length, int.MaxValue), checksCrc: true);
        long expected = segment.BaseOffset;
        while (scanner.MoveNext())
        {
            BatchInfo batch = scanner.Info;
            if (batch.BaseOffset < expected || batch.LastOffset >= limitOffset
                || batch.LastOffset - segment.BaseOffset > int.MaxValue)
            {
                scanner.RejectCurrent();
                break;
            }

            segment.Account(batch, (int)scanner.BatchPosition, settings.Options.IndexIntervalBytes);
            if (setsEpochs)
            {
                _epochs.Confirm(batch.LeaderEpoch, batch.BaseOffset);
            }

            expected = batch.LastOffset + 1;
        }

        segment.Publish((int)scanner.Position, expected);
        segment.IsDirty = true;
        if (scanner.Position < length)
        {
            segment.File.Truncate(scanner.Position);
            return true;
        }

        // A segment may have lost its end between two batches. Only compaction leaves such a gap by right.
        return limitOffset != long.MaxValue && expected < limitOffset
            && limitOffset > Math.Max(settings.CleanedTo, settings.RecoveryPoint)
            && (!settings.Options.IsCompacted || IsLastWithBatches(segment));
    }

    private bool IsLastWithBatches(LogSegment segment) =>
        _segments.Skip(_segments.IndexOf(segment) + 1).All(static later => later.File.Length == 0);

    /// <summary>The aborted transactions of segments that were synced whole; those of the others are found anew when
    /// the batches are replayed, from a producer snapshot that lies before them.</summary>
    private void LoadAborted(int firstToRecover, ProducerSnapshots snapshots)
    {
        for (int i = 0; i < _segments.Count; i++)
        {
            LogSegment segment = _segments[i];
            string path = SegmentFiles.Path(_directory, segment.BaseOffset, SegmentFiles.TransactionIndex);
            if (i < firstToRecover
                && segment.Aborted.TryLoad(_storage, path, segment.BaseOffset, segment.NextOffset))
            {
                continue;
            }

            segment.Aborted.Clear();
            segment.IsDirty = true;
            snapshots.DeleteBeyond(segment.BaseOffset);
        }
    }

    private void DiscardFrom(int index)
    {
        foreach (LogSegment segment in _segments.Skip(index))
        {
            segment.Dispose();
            foreach (string path in SegmentPaths(_directory, segment.BaseOffset))
            {
                _storage.Delete(path);
            }
        }

        _segments = _segments.GetRange(0, index);
    }

    internal static string[] SegmentPaths(string directory, long baseOffset) =>
    [
        SegmentFiles.Path(directory, baseOffset, SegmentFiles.Log),
        SegmentFiles.Path(directory, baseOffset, SegmentFiles.OffsetIndex),
        SegmentFiles.Path(directory, baseOffset, SegmentFiles.TimeIndex),
        SegmentFiles.Path(directory, baseOffset, SegmentFiles.TransactionIndex),
    ];

    /// <summary>Sees to it that there is a segment and that the log start lies within the log; returns it.</summary>
    private long PrepareEnds()
    {
        if (_segments.Count > 0)
        {
            long logStart = Math.Max(settings.LogStartOffset, _segments[0].BaseOffset);
            if (logStart <= _segments[^1].NextOffset)
            {
                return logStart;
            }

            DiscardFrom(0);
        }

        long start = Math.Max(settings.LogStartOffset, 0);
        _segments.Add(LogSegment.Create(
            _storage, _directory, start, settings.Options, _nowMs, Jitter(settings.Options, settings.Chance)));
        return start;
    }

    private void RestoreEpochs(long logStart, long logEnd)
    {
        _epochs.TruncateFromEnd(logEnd);
        if (_epochs.LatestEpoch < 0 && logEnd > _segments[0].BaseOffset)
        {
            foreach (LogSegment segment in _segments)
            {
                using var scanner = new BatchScanner(segment.File, 0, segment.SizeBytes);
                while (scanner.MoveNext())
                {
                    _epochs.Assign(scanner.LeaderEpoch, scanner.BaseOffset);
                }
            }
        }

        _epochs.TruncateFromStart(logStart);
    }

    private ProducerTable LoadProducers(ProducerSnapshots snapshots, long logStart, long logEnd)
    {
        snapshots.DeleteBeyond(logEnd);
        snapshots.RemoveStrays(_segments.Select(static segment => segment.BaseOffset).ToHashSet());
        var producers = new ProducerTable(settings.ProducerIdExpirationMs) { Planted = settings.Planted };
        long highWatermark = settings.HighWatermark > logStart ? settings.HighWatermark : long.MaxValue;
        ReplayProducers(producers, snapshots, _segments, logStart, logEnd, _nowMs, highWatermark);
        return producers;
    }
}
