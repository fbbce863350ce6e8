using System.Buffers.Binary;
using KRaftSharp.Protocol.Compression;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>Writes one batch of format 2 into a pooled buffer. One owner, who disposes it; not thread-safe.</summary>
/// <remarks>
/// Append records, then <see cref="Build"/>; <see cref="Reset"/> starts the next batch in the same buffers. Records are
/// kept uncompressed until the batch is built, so <see cref="UncompressedSize"/> is exact and bounds the result but for
/// the few bytes by which a codec may exceed incompressible input.
/// </remarks>
public sealed class RecordBatchBuilder : IDisposable
{
    // Length prefix, attributes, deltas, key and value lengths, header count: all but contents.
    private const int MaxRecordOverhead = 1 + RecordVarint.MaxBytes64 + (5 * RecordVarint.MaxBytes32);

    private readonly PooledBytes _records;
    private readonly PooledBytes _compressed;
    private RecordBatchOptions _options;
    private long _baseTimestamp;
    private long _maxTimestamp;
    private long _lastOffset;

    public RecordBatchBuilder(RecordBatchOptions? options = null, int capacity = 1024)
    {
        _records = new PooledBytes(capacity);
        _compressed = new PooledBytes();
        _options = RecordBatchOptions.Default;
        Reset(options ?? RecordBatchOptions.Default);
    }

    /// <summary>Records appended so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch were it closed now, uncompressed.</summary>
    public int UncompressedSize => _records.Length;

    /// <summary>The offset the next record gets by
    /// <see cref="Append(long, ReadOnlyMemory{byte}?, ReadOnlyMemory{byte}?, ReadOnlySpan{RecordHeader})"/>.</summary>
    public long NextOffset => Count == 0 ? _options.BaseOffset : _lastOffset + 1;

    /// <summary>The most bytes a record with such contents can add to a batch.</summary>
    public static int MaxSizeOf(int keyBytes, int valueBytes, ReadOnlySpan<RecordHeader> headers)
    {
        int size = MaxRecordOverhead + keyBytes + valueBytes;
        foreach (RecordHeader header in headers)
        {
            size += (2 * RecordVarint.MaxBytes32) + header.Key.Length + (header.Value?.Length ?? 0);
        }

        return size;
    }

    /// <summary>Forgets the records and starts another batch.</summary>
    public void Reset(RecordBatchOptions options)
    {
        _options = options;
        _records.Clear();
        _records.GetSpan(HeaderSize);
        _records.Advance(HeaderSize);
        Count = 0;
        _baseTimestamp = options.DeleteHorizonMs ?? options.BaseTimestampMs ?? NoTimestamp;
        _maxTimestamp = NoTimestamp;
        _lastOffset = options.BaseOffset - 1;
    }

    /// <summary>Appends a record at the next offset.</summary>
    public void Append(
        long timestampMs,
        ReadOnlyMemory<byte>? key,
        ReadOnlyMemory<byte>? value,
        ReadOnlySpan<RecordHeader> headers = default) =>
        AppendAt(NextOffset, timestampMs, key, value, headers);

    /// <summary>Appends a record at an offset of its own, which must be greater than the last one's.</summary>
    public void AppendAt(
        long offset,
        long timestampMs,
        ReadOnlyMemory<byte>? key,
        ReadOnlyMemory<byte>? value,
        ReadOnlySpan<RecordHeader> headers = default)
    {
        int headerBytes = 0;
        foreach (RecordHeader header in headers)
        {
            headerBytes += SizeOfBytes(header.Key.Length) + SizeOfBytes(header.Value?.Length ?? -1);
        }

        Start(offset, timestampMs, key?.Length ?? -1, value?.Length ?? -1, headers.Length, headerBytes,
            out Span<byte> room, out int at);
        at = WriteBytes(room, at, key);
        at = WriteBytes(room, at, value);
        at += RecordVarint.Write(room[at..], headers.Length);
        foreach (RecordHeader header in headers)
        {
            at = WriteBytes(room, at, header.Key);
            at = WriteBytes(room, at, header.Value);
        }

        _records.Advance(at);
        Count++;
    }

    /// <summary>Appends a record of another batch, contents and headers as they are.</summary>
    public void AppendAt(long offset, in RecordView record)
    {
        Start(offset, record.Timestamp, record.KeyLength, record.ValueLength, record.HeaderCount,
            record.HeaderBytes.Length, out Span<byte> room, out int at);
        at = WriteBytes(room, at, record.HasKey, record.Key);
        at = WriteBytes(room, at, record.HasValue, record.Value);
        at += RecordVarint.Write(room[at..], record.HeaderCount);
        record.HeaderBytes.CopyTo(room[at..]);
        _records.Advance(at + record.HeaderBytes.Length);
        Count++;
    }

    /// <summary>Closes the batch and returns its bytes, valid until the next call of any method.</summary>
    public Memory<byte> Build()
    {
        PooledBytes built = _records;
        if (_options.Compression != CompressionCodec.None)
        {
            IPayloadCodec codec = PayloadCodecs.Find(_options.Compression)
                ?? throw new InvalidOperationException($"no codec has the id {_options.Compression}");
            _compressed.Clear();
            _compressed.GetSpan(HeaderSize);
            _compressed.Advance(HeaderSize);
            codec.Compress(
                _records.WrittenSpan[HeaderSize..], _compressed, _options.CompressionLevel ?? codec.DefaultLevel);
            built = _compressed;
        }

        WriteHeader(built.MutableSpan);
        return built.MutableMemory;
    }

    public void Dispose()
    {
        _records.Dispose();
        _compressed.Dispose();
    }

    private static int SizeOfBytes(int length) => RecordVarint.SizeOf(length) + Math.Max(length, 0);

    private static int WriteBytes(Span<byte> room, int at, ReadOnlyMemory<byte>? bytes) =>
        WriteBytes(room, at, bytes.HasValue, bytes.GetValueOrDefault().Span);

    private static int WriteBytes(Span<byte> room, int at, bool isPresent, ReadOnlySpan<byte> bytes)
    {
        at += RecordVarint.Write(room[at..], isPresent ? bytes.Length : -1);
        bytes.CopyTo(room[at..]);
        return at + bytes.Length;
    }

    // Everything before the key; room holds the whole record.
    private void Start(
        long offset, long timestampMs, int keyLength, int valueLength, int headerCount, int headerBytes,
        out Span<byte> room, out int at)
    {
        long offsetDelta = offset - _options.BaseOffset;
        if (offset <= _lastOffset || offsetDelta > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"offsets rise within a batch; the last one is {_lastOffset}");
        }

        if (Count == 0 && _options.DeleteHorizonMs is null && _options.BaseTimestampMs is null)
        {
            _baseTimestamp = timestampMs;
        }

        _maxTimestamp = Math.Max(_maxTimestamp, timestampMs);
        _lastOffset = offset;
        long timestampDelta = unchecked(timestampMs - _baseTimestamp);
        long body = 1L + RecordVarint.SizeOfLong(timestampDelta) + RecordVarint.SizeOf((int)offsetDelta)
            + RecordVarint.SizeOf(keyLength) + Math.Max(keyLength, 0)
            + RecordVarint.SizeOf(valueLength) + Math.Max(valueLength, 0)
            + RecordVarint.SizeOf(headerCount) + headerBytes;
        int bodyLength = checked((int)body);
        room = _records.GetSpan(checked(bodyLength + RecordVarint.MaxBytes32));
        at = RecordVarint.Write(room, bodyLength);
        room[at++] = 0; // no record attribute has a meaning yet
        at += RecordVarint.WriteLong(room[at..], timestampDelta);
        at += RecordVarint.Write(room[at..], (int)offsetDelta);
    }

    private void WriteHeader(Span<byte> batch)
    {
        bool isAppendTime = _options.TimestampType == TimestampType.LogAppendTime;
        int attributes = (int)_options.Compression
            | (isAppendTime ? TimestampTypeFlag : 0)
            | (_options.IsTransactional ? TransactionalFlag : 0)
            | (_options.IsControl ? ControlFlag : 0)
            | (_options.DeleteHorizonMs.HasValue ? DeleteHorizonFlag : 0);
        long lastOffset = _options.LastOffset ?? _lastOffset;
        long maxTimestamp = isAppendTime ? _options.LogAppendTimeMs : _options.MaxTimestampMs ?? _maxTimestamp;
        BinaryPrimitives.WriteInt64BigEndian(batch, _options.BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthAt..], batch.Length - LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochAt..], _options.PartitionLeaderEpoch);
        batch[MagicAt] = (byte)CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(
            batch[LastOffsetDeltaAt..], checked((int)(lastOffset - _options.BaseOffset)));
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampAt..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdAt..], _options.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochAt..], _options.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceAt..], _options.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordCountAt..], Count);
        RecordBatchMutator.UpdateCrc(batch);
    }
}
