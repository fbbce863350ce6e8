using System.Buffers;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Indexes;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Cleaning;

/// <summary>The segment that a cleaning writes in place of a group of others.</summary>
internal sealed class CleanedSegment : IDisposable
{
    private readonly IStorage _storage;
    private readonly string _directory;
    private readonly int _indexIntervalBytes;
    private readonly byte[] _buffer;
    private int _buffered;
    private int _position;
    private long _nextOffset;
    private bool _isTakenOver;

    public CleanedSegment(
        IStorage storage, string directory, long baseOffset, int indexIntervalBytes, long createdMs, int bufferBytes)
    {
        _storage = storage;
        _directory = directory;
        _indexIntervalBytes = indexIntervalBytes;
        _nextOffset = baseOffset;
        string path = SegmentFiles.Path(directory, baseOffset, SegmentFiles.Log) + SegmentFiles.Cleaned;
        IStorageFile file = storage.Open(path, StorageOpenMode.CreateOrTruncate);
        Segment = new LogSegment(storage, directory, baseOffset, file, createdMs);
        _buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
    }

    public LogSegment Segment { get; }

    /// <summary>Bytes of all batches so far.</summary>
    public int SizeBytes => _position;

    public void Append(ReadOnlySpan<byte> batch)
    {
        if (batch.Length > _buffer.Length - _buffered)
        {
            WriteBuffered();
        }

        if (batch.Length > _buffer.Length)
        {
            Segment.File.Write(batch, _position);
        }
        else
        {
            batch.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += batch.Length;
        }

        Invariant.Require(
            RecordBatchView.TryParse(batch, out RecordBatchView view), "what is kept of a batch is a batch");
        Segment.Account(BatchInfo.Of(view), _position, _indexIntervalBytes);
        _position = checked(_position + batch.Length);
        _nextOffset = view.NextOffset;
    }

    public void Keep(AbortedTransaction transaction) => Segment.Aborted.AppendIfNew(transaction);

    /// <summary>Nothing more comes: all is written, under temporary names, and made durable.</summary>
    public async Task FinishAsync()
    {
        WriteBuffered();
        Segment.AddFinalTimeEntry();
        Segment.Publish(_position, _nextOffset);
        WriteIndex(Segment.Offsets.File, SegmentFiles.OffsetIndex);
        WriteIndex(Segment.Times.File, SegmentFiles.TimeIndex);
        if (Segment.Aborted.TakeChanges() is { Length: > 0 } aborted)
        {
            Write(SegmentFiles.TransactionIndex, aborted);
        }

        await Segment.File.FlushAsync();
    }

    /// <summary>The log has taken the segment over and closes it.</summary>
    public void TakenOver() => _isTakenOver = true;

    /// <summary>Unless the segment was taken over, its files go.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (!_isTakenOver)
        {
            Segment.Dispose();
            SegmentSwap.Abandon(_storage, _directory, Segment.BaseOffset);
        }
    }

    private void WriteBuffered()
    {
        if (_buffered > 0)
        {
            Segment.File.Write(_buffer.AsSpan(0, _buffered), _position - _buffered);
            _buffered = 0;
        }
    }

    private void WriteIndex(IndexFile index, string suffix)
    {
        Write(suffix, index.Entries(index.Count));
        index.MarkWritten();
    }

    private void Write(string suffix, ReadOnlySpan<byte> bytes)
    {
        string path = SegmentFiles.Path(_directory, Segment.BaseOffset, suffix) + SegmentFiles.Cleaned;
        using IStorageFile file = _storage.Open(path, StorageOpenMode.CreateOrTruncate);
        if (bytes.Length > 0)
        {
            file.Write(bytes, 0);
        }

        file.Flush();
    }
}
