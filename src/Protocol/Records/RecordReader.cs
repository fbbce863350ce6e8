using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Protocol.Records;

/// <summary>Walks the records of one batch; uncompressed ones where they lie, compressed ones through a pooled window
/// that never grows beyond the largest record really there. Dispose it.</summary>
/// <remarks>
/// <code>
/// using var records = new RecordReader(batch);
/// while (records.MoveNext()) { use(records.Current); }
/// if (records.Fault != RecordFault.None) { refuse(); }
/// </code>
/// Nothing is thrown for malformed bytes: the walk stops and <see cref="Fault"/> says why. The last record is returned
/// only when nothing follows it, as Kafka has it.
/// </remarks>
public ref struct RecordReader : IDisposable
{
    /// <summary>The default bound on what a compressed batch may become: the largest array there is in Java.</summary>
    public const long DefaultMaxDecompressedBytes = 2147483639;

    private const int SmallestWindow = 1024;
    private const int FirstWindow = 128 * 1024;

    // Attributes, timestamp delta, offset delta, key length: all there is before a key.
    private const int MaxRecordHead = 1 + RecordVarint.MaxBytes64 + (2 * RecordVarint.MaxBytes32);

    private readonly ReadOnlySpan<byte> _source;
    private readonly PayloadDecoder? _decoder;
    private readonly long _maxDecompressedBytes;
    private readonly int _maxRecordBytes;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _appendTimestamp;
    private readonly int _baseSequence;
    private readonly int _count;
    private readonly bool _isAppendTime;
    private readonly bool _skipsContents;
    private ReadOnlySpan<byte> _data;
    private byte[]? _window;
    private long _produced;
    private int _at;
    private int _read;
    private bool _ended;
    private RecordView _current;

    /// <param name="batch">Must stay as it is while it is walked.</param>
    /// <param name="maxDecompressedBytes">The most bytes a compressed payload may become.</param>
    /// <param name="skipsContents">For validation of compressed batches: keys, values and headers are passed over
    /// without being kept, and a record's length is not compared with what it holds.</param>
    /// <param name="maxRecordBytes">The most bytes one record of a compressed batch may become; a larger one is
    /// invalid, and no memory is taken for it.</param>
    public RecordReader(
        RecordBatchView batch,
        long maxDecompressedBytes = DefaultMaxDecompressedBytes,
        bool skipsContents = false,
        int maxRecordBytes = int.MaxValue)
    {
        _maxRecordBytes = maxRecordBytes;
        _maxDecompressedBytes = maxDecompressedBytes;
        _baseOffset = batch.BaseOffset;
        _baseTimestamp = batch.BaseTimestamp;
        _appendTimestamp = batch.MaxTimestamp;
        _isAppendTime = batch.TimestampType == TimestampType.LogAppendTime;
        _baseSequence = batch.BaseSequence;
        _count = batch.RecordCount;
        CompressionCodec codec = batch.Compression;
        if (_count < 0)
        {
            Fault = RecordFault.InvalidRecord;
        }
        else if (codec == CompressionCodec.None)
        {
            _data = batch.Payload;
            _ended = true;
        }
        else if (PayloadCodecs.Find(codec) is not { } found)
        {
            Fault = RecordFault.UnknownCompression;
        }
        else if (_count > 0)
        {
            _source = batch.Payload;
            _decoder = found.OpenDecoder();
            _skipsContents = skipsContents;
        }
    }

    /// <summary>Why the walk stopped before the last record; none while it goes well.</summary>
    public RecordFault Fault { get; private set; }

    /// <summary>Records returned so far.</summary>
    public readonly int RecordsRead => _read;

    /// <summary>The record; valid after <see cref="MoveNext"/> returned true, until the next call.</summary>
    [UnscopedRef]
    public readonly ref readonly RecordView Current => ref _current;

    public bool MoveNext()
    {
        if (Fault != RecordFault.None || _read >= _count)
        {
            return false;
        }

        if (!(_skipsContents ? TrySkipRecord() : TryReadRecord()))
        {
            return false;
        }

        if (_read == _count - 1 && !IsAtEnd())
        {
            return Fail(RecordFault.InvalidRecord);
        }

        _read++;
        return true;
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        if (_window is { } window)
        {
            _window = null;
            _data = default;
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private bool TryReadRecord()
    {
        if (!TryReadLength(out int bodyLength, out int prefixLength))
        {
            return false;
        }

        if (bodyLength < 0 || !Ensure(bodyLength))
        {
            return Fail(RecordFault.InvalidRecord);
        }

        ReadOnlySpan<byte> body = _data.Slice(_at, bodyLength);
        _at += bodyLength;
        int at = 1;
        if (body.IsEmpty
            || !RecordVarint.TryReadLong(body, ref at, out long timestampDelta)
            || !RecordVarint.TryRead(body, ref at, out int offsetDelta)
            || !TryReadBytes(body, ref at, out int keyLength, out ReadOnlySpan<byte> key)
            || !TryReadBytes(body, ref at, out int valueLength, out ReadOnlySpan<byte> value)
            || !RecordVarint.TryRead(body, ref at, out int headerCount)
            || (uint)headerCount > (uint)(body.Length - at))
        {
            return Fail(RecordFault.InvalidRecord);
        }

        ReadOnlySpan<byte> headers = body[at..];
        if (headerCount == 0 ? !headers.IsEmpty : !AreHeadersWellFormed(headers, headerCount))
        {
            return Fail(RecordFault.InvalidRecord);
        }

        _current = new RecordView
        {
            KeyBytes = key,
            ValueBytes = value,
            KeyLength = keyLength,
            ValueLength = valueLength,
            Offset = unchecked(_baseOffset + offsetDelta),
            Timestamp = TimestampOf(timestampDelta),
            TimestampDelta = timestampDelta,
            Sequence = SequenceOf(offsetDelta),
            SizeInBytes = prefixLength + bodyLength,
            Attributes = body[0],
            HeaderCount = headerCount,
            HeaderBytes = headers,
        };
        return true;
    }

    private static bool TryReadBytes(
        ReadOnlySpan<byte> body, scoped ref int at, out int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!RecordVarint.TryRead(body, ref at, out length) || length > body.Length - at)
        {
            return false;
        }

        if (length > 0)
        {
            bytes = body.Slice(at, length);
            at += length;
        }

        return true;
    }

    private static bool AreHeadersWellFormed(ReadOnlySpan<byte> headers, int count)
    {
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadBytes(headers, ref at, out int keyLength, out _)
                || keyLength < 0
                || !TryReadBytes(headers, ref at, out _, out _))
            {
                return false;
            }
        }

        return at == headers.Length;
    }

    // The fields one after the other, without regard to the record's own length: what Kafka's skipping reader does.
    private bool TrySkipRecord()
    {
        if (!TryReadLength(out int bodyLength, out int prefixLength))
        {
            return false;
        }

        Ensure(MaxRecordHead);
        if (_at >= _data.Length)
        {
            return Fail(RecordFault.InvalidRecord);
        }

        byte attributes = _data[_at++];
        if (!RecordVarint.TryReadLong(_data, ref _at, out long timestampDelta)
            || !RecordVarint.TryRead(_data, ref _at, out int offsetDelta)
            || !RecordVarint.TryRead(_data, ref _at, out int keyLength)
            || !TrySkip(keyLength)
            || !TryReadAhead(out int valueLength)
            || !TrySkip(valueLength)
            || !TryReadAhead(out int headerCount)
            || headerCount < 0)
        {
            return Fail(RecordFault.InvalidRecord);
        }

        for (int i = 0; i < headerCount; i++)
        {
            if (!TryReadAhead(out int headerKeyLength)
                || headerKeyLength < 0
                || !TrySkip(headerKeyLength)
                || !TryReadAhead(out int headerValueLength)
                || !TrySkip(headerValueLength))
            {
                return Fail(RecordFault.InvalidRecord);
            }
        }

        _current = new RecordView
        {
            KeyLength = keyLength,
            ValueLength = valueLength,
            Offset = unchecked(_baseOffset + offsetDelta),
            Timestamp = TimestampOf(timestampDelta),
            TimestampDelta = timestampDelta,
            Sequence = SequenceOf(offsetDelta),
            SizeInBytes = unchecked(prefixLength + bodyLength),
            Attributes = attributes,
        };
        return true;
    }

    private bool TryReadAhead(out int value)
    {
        Ensure(RecordVarint.MaxBytes32);
        return RecordVarint.TryRead(_data, ref _at, out value);
    }

    private bool TrySkip(int length)
    {
        while (length > 0)
        {
            int here = Math.Min(length, _data.Length - _at);
            _at += here;
            length -= here;
            if (length > 0 && !Ensure(1))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadLength(out int bodyLength, out int prefixLength)
    {
        Ensure(RecordVarint.MaxBytes32);
        int at = _at;
        if (RecordVarint.TryRead(_data, ref at, out bodyLength))
        {
            prefixLength = at - _at;
            _at = at;
            return _decoder is null || bodyLength <= _maxRecordBytes || Fail(RecordFault.InvalidRecord);
        }

        prefixLength = 0;
        return Fail(
            RecordVarint.IsOverlong(_data, _at) ? RecordFault.NumberOverflow : RecordFault.InvalidRecord);
    }

    private readonly long TimestampOf(long delta) =>
        _isAppendTime ? _appendTimestamp : unchecked(_baseTimestamp + delta);

    private readonly int SequenceOf(int offsetDelta) => _baseSequence >= 0
        ? RecordBatchLayout.IncrementSequence(_baseSequence, offsetDelta)
        : RecordBatchLayout.NoSequence;

    private bool IsAtEnd() => !Ensure(1) && Fault == RecordFault.None;

    // A fault of the payload is the cause of whatever was found missing in it.
    private bool Fail(RecordFault fault)
    {
        if (Fault == RecordFault.None)
        {
            Fault = fault;
        }

        return false;
    }

    private bool Ensure(int bytes) => _data.Length - _at >= bytes || (!_ended && Refill(bytes));

    // Decompresses on until so many bytes lie ahead; false when the payload ends before.
    private bool Refill(int bytes)
    {
        byte[] window = _window ??= ArrayPool<byte>.Shared.Rent(FirstWindowBytes());
        int held = _data.Length - _at;
        _data[_at..].CopyTo(window);
        _at = 0;
        while (held < bytes)
        {
            if (held == window.Length)
            {
                window = Grow(window);
            }

            int read = _decoder!.Read(_source, window.AsSpan(held));
            _produced += read;
            if (read == 0 || _produced > _maxDecompressedBytes)
            {
                _ended = true;
                if (read != 0)
                {
                    Fail(RecordFault.DecompressedTooLarge);
                }
                else if (_decoder.Failed)
                {
                    Fail(RecordFault.DecompressionFailed);
                }

                break;
            }

            held += read;
        }

        _data = window.AsSpan(0, held);
        return held >= bytes;
    }

    private readonly int FirstWindowBytes() =>
        (int)Math.Clamp(4L * _source.Length, SmallestWindow, FirstWindow);

    private byte[] Grow(byte[] window)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * window.Length, Array.MaxLength));
        window.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(window);
        _window = larger;
        return larger;
    }
}
