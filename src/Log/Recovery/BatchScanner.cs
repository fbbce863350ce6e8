using System.Buffers;
using System.Buffers.Binary;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol.Records;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Log.Recovery;

/// <summary>Walks the batches of a segment file by their headers, through one pooled buffer.</summary>
/// <remarks>
/// Stops where the file ends or a batch cannot be: <see cref="Position"/> is then the end of what is good, and
/// <see cref="IsTorn"/> says whether bytes are left. Whole batches are held in memory only by <see cref="ReadBatch"/>.
/// </remarks>
internal sealed class BatchScanner : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly IStorageFile _file;
    private readonly long _end;
    private readonly bool _checksCrc;
    private readonly byte[] _chunk;
    private byte[]? _batch;
    private long _chunkAt;
    private int _chunkLength;

    /// <param name="position">Where a batch starts.</param>
    /// <param name="end">Where to stop; a batch that crosses it is torn.</param>
    /// <param name="checksCrc">Compare checksums, which reads all bytes.</param>
    /// <param name="chunkBytes">How much is read at once: little when one header here and there is wanted.</param>
    public BatchScanner(
        IStorageFile file, long position, long end, bool checksCrc = false, int chunkBytes = ChunkBytes)
    {
        _file = file;
        _end = end;
        _checksCrc = checksCrc;
        _chunk = ArrayPool<byte>.Shared.Rent(chunkBytes);
        Position = position;
        BatchPosition = position;
    }

    /// <summary>The end of the last batch returned.</summary>
    public long Position { get; private set; }

    /// <summary>Where the current batch starts.</summary>
    public long BatchPosition { get; private set; }

    public bool IsTorn { get; private set; }

    public int SizeBytes { get; private set; }

    /// <summary>The current batch's header, valid until the next call.</summary>
    public ReadOnlySpan<byte> Header => _chunk.AsSpan((int)(BatchPosition - _chunkAt), HeaderSize);

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(Header);

    public long LastOffset => BaseOffset + BinaryPrimitives.ReadInt32BigEndian(Header[LastOffsetDeltaAt..]);

    public long MaxTimestampMs => BinaryPrimitives.ReadInt64BigEndian(Header[MaxTimestampAt..]);

    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(Header[PartitionLeaderEpochAt..]);

    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(Header[AttributesAt..]);

    public bool IsControl => (Attributes & ControlFlag) != 0;

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(Header[ProducerIdAt..]);

    public Segments.BatchInfo Info => new(BaseOffset, LastOffset, SizeBytes, MaxTimestampMs, LeaderEpoch);

    public bool MoveNext()
    {
        long at = Position;
        if (IsTorn || at >= _end)
        {
            return false;
        }

        if (_end - at < HeaderSize || !Fill(at, HeaderSize))
        {
            return Tear();
        }

        ReadOnlySpan<byte> header = _chunk.AsSpan((int)(at - _chunkAt), HeaderSize);
        long size = LogOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(header[LengthAt..]);
        int offsetDelta = BinaryPrimitives.ReadInt32BigEndian(header[LastOffsetDeltaAt..]);
        if (size < HeaderSize || size > _end - at || size > int.MaxValue || header[MagicAt] != CurrentMagic
            || offsetDelta < 0 || BinaryPrimitives.ReadInt64BigEndian(header) < 0)
        {
            return Tear();
        }

        if (_checksCrc && !IsCrcValid(at, (int)size))
        {
            return Tear();
        }

        BatchPosition = at;
        SizeBytes = (int)size;
        Position = at + size;
        return true;
    }

    /// <summary>The caller found the current batch impossible: what is good ends before it.</summary>
    public void RejectCurrent()
    {
        Position = BatchPosition;
        IsTorn = true;
    }

    /// <summary>The whole current batch, valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadBatch()
    {
        if (_batch is null || _batch.Length < SizeBytes)
        {
            ReturnBatch();
            _batch = ArrayPool<byte>.Shared.Rent(SizeBytes);
        }

        int count = _file.Read(_batch.AsSpan(0, SizeBytes), BatchPosition);
        return _batch.AsSpan(0, count);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_chunk);
        ReturnBatch();
    }

    private void ReturnBatch()
    {
        if (_batch is { } batch)
        {
            _batch = null;
            ArrayPool<byte>.Shared.Return(batch);
        }
    }

    private bool Tear()
    {
        IsTorn = true;
        return false;
    }

    private bool Fill(long at, int length)
    {
        if (at >= _chunkAt && at + length <= _chunkAt + _chunkLength)
        {
            return true;
        }

        int wanted = (int)Math.Min(_chunk.Length, _end - at);
        _chunkLength = _file.Read(_chunk.AsSpan(0, wanted), at);
        _chunkAt = at;
        return _chunkLength >= length;
    }

    private bool IsCrcValid(long at, int size)
    {
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(_chunk.AsSpan((int)(at - _chunkAt) + CrcAt));
        if (at + size > _chunkAt + _chunkLength && size <= _chunk.Length)
        {
            if (!Fill(at, size))
            {
                return false;
            }
        }

        int held = (int)Math.Min(size, _chunkAt + _chunkLength - at);
        uint crc = Crc32C.Compute(_chunk.AsSpan((int)(at - _chunkAt), held)[AttributesAt..]);
        if (held == size)
        {
            return crc == stored;
        }

        // Larger than the chunk: its header must stay, so the rest goes through a buffer of its own.
        _batch ??= ArrayPool<byte>.Shared.Rent(ChunkBytes);
        for (int done = held; done < size;)
        {
            int count = _file.Read(_batch.AsSpan(0, Math.Min(_batch.Length, size - done)), at + done);
            if (count == 0)
            {
                return false;
            }

            crc = Crc32C.Append(crc, _batch.AsSpan(0, count));
            done += count;
        }

        return crc == stored;
    }
}
