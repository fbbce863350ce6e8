using System.Buffers;
using System.Buffers.Binary;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Reads whole batches of a segment one after the other, through one pooled buffer.</summary>
/// <remarks>The buffer is as large as asked for, or as the largest batch.</remarks>
internal sealed class SegmentBatches : IDisposable
{
    private readonly IStorageFile _file;
    private readonly long _end;
    private byte[] _buffer;
    private long _filePosition;
    private int _at;
    private int _held;
    private int _size;

    public SegmentBatches(IStorageFile file, long position, long end, int bufferBytes)
    {
        _file = file;
        _end = end;
        _filePosition = position;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bufferBytes, HeaderSize));
    }

    /// <summary>Bytes taken from the file so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What follows is no batch, or one whose checksum is wrong.</summary>
    public bool IsCorrupt { get; private set; }

    /// <summary>Valid until the next call.</summary>
    public RecordBatchView Current =>
        RecordBatchView.TryParse(_buffer.AsSpan(_at, _size), out RecordBatchView view) ? view : default;

    public bool MoveNext()
    {
        _at += _size;
        _size = 0;
        if (IsCorrupt || (_at == _held && _filePosition >= _end))
        {
            return false;
        }

        if (!Hold(HeaderSize))
        {
            return Corrupt();
        }

        long size = LogOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at + LengthAt));
        if (size < HeaderSize || size > _held - _at + _end - _filePosition || !Hold((int)size)
            || !RecordBatchView.TryParse(_buffer.AsSpan(_at, (int)size), out RecordBatchView batch)
            || batch.LastOffsetDelta < 0 || !batch.IsCrcValid())
        {
            return Corrupt();
        }

        _size = (int)size;
        return true;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Corrupt()
    {
        IsCorrupt = true;
        return false;
    }

    private bool Hold(int bytes)
    {
        if (_held - _at >= bytes)
        {
            return true;
        }

        Span<byte> left = _buffer.AsSpan(_at, _held - _at);
        if (bytes > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(bytes);
            left.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            left.CopyTo(_buffer);
        }

        _held = left.Length;
        _at = 0;
        int wanted = (int)Math.Min(_buffer.Length - _held, _end - _filePosition);
        int read = _file.Read(_buffer.AsSpan(_held, wanted), _filePosition);
        BytesRead += read;
        _filePosition += read;
        _held += read;
        return _held >= bytes;
    }
}
