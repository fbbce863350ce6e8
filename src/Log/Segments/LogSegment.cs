using KRaftSharp.Log.Indexes;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Segments;

/// <summary>One segment: its file, its indexes, and how far it is written.</summary>
/// <remarks>
/// Written by the log's owner; read by any thread that holds it (<see cref="TryAcquire"/>, then
/// <see cref="Dispose"/>). Its files close when the log and the last reader have let go.
/// </remarks>
internal sealed class LogSegment : IDisposable
{
    private readonly OffsetIndex _offsets;
    private readonly TimeIndex _times;
    private int _holders = 1;
    private int _sizeBytes;
    private long _nextOffset;
    private long _maxTimestampMs = RecordBatchLayout.NoTimestamp;
    private long _offsetOfMaxTimestamp = -1;
    private int _bytesSinceIndexEntry;

    public LogSegment(IStorage storage, string directory, long baseOffset, IStorageFile file, long createdMs)
    {
        BaseOffset = baseOffset;
        File = file;
        CreatedMs = createdMs;
        _nextOffset = baseOffset;
        _offsets = new OffsetIndex(
            storage, SegmentFiles.Path(directory, baseOffset, SegmentFiles.OffsetIndex), baseOffset);
        _times = new TimeIndex(storage, SegmentFiles.Path(directory, baseOffset, SegmentFiles.TimeIndex), baseOffset);
    }

    public long BaseOffset { get; }

    public IStorageFile File { get; }

    /// <summary>When this process opened it: what its age counts from when records have no timestamps.</summary>
    public long CreatedMs { get; set; }

    /// <summary>The max timestamp of the first batch; null when it is empty.</summary>
    public long? FirstTimestampMs { get; set; }

    /// <summary>Taken off segment.ms.</summary>
    public long JitterMs { get; init; }

    public int SizeBytes => Volatile.Read(ref _sizeBytes);

    public long NextOffset => Volatile.Read(ref _nextOffset);

    public long MaxTimestampMs => Volatile.Read(ref _maxTimestampMs);

    /// <summary>The last offset of the batch that has the greatest timestamp.</summary>
    public long OffsetOfMaxTimestamp => Volatile.Read(ref _offsetOfMaxTimestamp);

    public OffsetIndex Offsets => _offsets;

    public TimeIndex Times => _times;

    /// <summary>The aborted transactions whose markers are here.</summary>
    public AbortedIndex Aborted { get; } = new();

    public RecentBatches Recent { get; } = new();

    public bool IsSealed { get; private set; }

    /// <summary>Written since the last sync.</summary>
    public bool IsDirty { get; set; }

    public static LogSegment Create(
        IStorage storage, string directory, long baseOffset, LogOptions options, long nowMs, long jitterMs)
    {
        IStorageFile file = storage.Open(
            SegmentFiles.Path(directory, baseOffset, SegmentFiles.Log), StorageOpenMode.CreateOrTruncate);
        if (options.IsPreallocated)
        {
            file.Truncate(options.SegmentBytes);
        }

        return new LogSegment(storage, directory, baseOffset, file, nowMs) { JitterMs = jitterMs, IsDirty = true };
    }

    /// <summary>Holds the segment for a reader; false when it is closed already.</summary>
    public bool TryAcquire()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }

            holders = seen;
        }

        return false;
    }

    /// <summary>Lets go; the last one closes the files.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            File.Dispose();
            _offsets.Dispose();
            _times.Dispose();
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        IsDirty = true;
        File.Write(bytes, _sizeBytes);
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        IsDirty = true;
        File.Write(buffers, _sizeBytes);
    }

    /// <summary>Takes note of a batch that was written at <paramref name="position"/>; readers do not see it yet.
    /// </summary>
    public void Account(in BatchInfo batch, int position, int indexIntervalBytes)
    {
        FirstTimestampMs ??= batch.MaxTimestampMs;
        if (batch.MaxTimestampMs > _maxTimestampMs)
        {
            Volatile.Write(ref _offsetOfMaxTimestamp, batch.LastOffset);
            Volatile.Write(ref _maxTimestampMs, batch.MaxTimestampMs);
        }

        if (_bytesSinceIndexEntry > indexIntervalBytes)
        {
            _offsets.Append(batch.LastOffset, position);
            _times.AppendIfGreater(_maxTimestampMs, _offsetOfMaxTimestamp);
            _bytesSinceIndexEntry = 0;
        }

        _bytesSinceIndexEntry += batch.SizeBytes;
        Recent.Add(batch.BaseOffset, position);
    }

    /// <summary>Shows readers what was accounted for. The size comes first: who reads it before the offset never sees
    /// more bytes than offsets.</summary>
    public void Publish(int sizeBytes, long nextOffset)
    {
        Volatile.Write(ref _sizeBytes, sizeBytes);
        Volatile.Write(ref _nextOffset, nextOffset);
    }

    /// <summary>A marker in this segment has ended a transaction.</summary>
    public void Note(in EndedTransaction? ended)
    {
        if (ended is { IsAborted: true } aborted)
        {
            Aborted.AppendIfNew(new AbortedTransaction(
                aborted.ProducerId, aborted.FirstOffset, aborted.LastOffset, aborted.LastStableOffset));
        }
    }

    /// <summary>Nothing more is appended: writes and maps the indexes, cuts preallocated space.</summary>
    public void Seal()
    {
        Trim();
        _offsets.File.Seal();
        _times.File.Seal();
        IsSealed = true;
    }

    /// <summary>Writes the indexes of a segment that stays active in the next process.</summary>
    public void PersistIndexes()
    {
        Trim();
        _offsets.File.Persist();
        _times.File.Persist();
    }

    /// <summary>Cuts the segment at a batch's start. The greatest timestamp must be found anew.</summary>
    public void TruncateTo(int position, long nextOffset, int indexIntervalBytes)
    {
        // Readers first learn that the bytes are gone.
        Volatile.Write(ref _nextOffset, nextOffset);
        Volatile.Write(ref _sizeBytes, position);
        Recent.Clear();
        _offsets.TruncateToPosition(position);
        _times.TruncateToOffset(nextOffset);
        Aborted.TruncateTo(nextOffset);
        IsSealed = false;
        IsDirty = true;
        File.Truncate(position);
        RestoreTail(indexIntervalBytes);
        Volatile.Write(ref _nextOffset, nextOffset);
    }

    /// <summary>Starts anew from the file's first batch: indexes, timestamps and size are as of an empty segment.
    /// </summary>
    public void Reset()
    {
        _offsets.Clear();
        _times.Clear();
        Recent.Clear();
        FirstTimestampMs = null;
        _bytesSinceIndexEntry = 0;
        ResetMaxTimestamp(RecordBatchLayout.NoTimestamp, -1);
        Publish(0, BaseOffset);
    }

    /// <summary>
    /// Reads what the indexes do not say: the greatest timestamp, and how much lies beyond the last index entry.
    /// </summary>
    /// <returns>False when what lies beyond is no sequence of batches.</returns>
    public bool RestoreTail(int indexIntervalBytes)
    {
        (long timestamp, long offset) = _times.Last ?? (RecordBatchLayout.NoTimestamp, -1);
        ResetMaxTimestamp(timestamp, offset);
        int start = _offsets.Last?.Position ?? 0;
        int size = _sizeBytes;
        long nextOffset = BaseOffset;
        FirstTimestampMs = null;
        using var scanner = new BatchScanner(File, start, size, chunkBytes: 4096);
        while (scanner.MoveNext())
        {
            nextOffset = scanner.LastOffset + 1;
            if (scanner.MaxTimestampMs > _maxTimestampMs)
            {
                ResetMaxTimestamp(scanner.MaxTimestampMs, scanner.LastOffset);
            }

            Recent.Add(scanner.BaseOffset, (int)scanner.BatchPosition);
        }

        _bytesSinceIndexEntry = Math.Min(size - start, indexIntervalBytes + 1);
        Volatile.Write(ref _nextOffset, nextOffset);
        ReadFirstTimestamp();
        return !scanner.IsTorn;
    }

    /// <summary>For a segment loaded from disk, before its tail is looked at.</summary>
    public void SetLoadedSize(int sizeBytes) => Volatile.Write(ref _sizeBytes, sizeBytes);

    public void MarkSealed(long nextOffset)
    {
        IsSealed = true;
        Volatile.Write(ref _nextOffset, Math.Max(nextOffset, _nextOffset));
    }

    public void AddFinalTimeEntry() => _times.AppendIfGreater(_maxTimestampMs, _offsetOfMaxTimestamp);

    private void ReadFirstTimestamp()
    {
        using var scanner = new BatchScanner(File, 0, _sizeBytes, chunkBytes: RecordBatchLayout.HeaderSize);
        if (scanner.MoveNext())
        {
            FirstTimestampMs = scanner.MaxTimestampMs;
        }
    }

    private void ResetMaxTimestamp(long timestampMs, long offset)
    {
        Volatile.Write(ref _offsetOfMaxTimestamp, offset);
        Volatile.Write(ref _maxTimestampMs, timestampMs);
    }

    private void Trim()
    {
        if (File.Length > _sizeBytes)
        {
            File.Truncate(_sizeBytes);
        }
    }
}
