using System.Buffers.Binary;
using KRaftSharp.Protocol.Compression;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>Reads the header of one complete record batch of format 2 where it lies; copies nothing.</summary>
/// <remarks>A view says what the header says: it is not validated beyond length and magic until
/// <see cref="IsCrcValid"/>, and a valid checksum does not make the fields agree with the records.</remarks>
public readonly ref struct RecordBatchView
{
    private readonly ReadOnlySpan<byte> _bytes;

    private RecordBatchView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The whole batch, from its base offset to its last record.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What follows the header: the records, compressed when <see cref="Compression"/> is set.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderSize..];

    public int SizeInBytes => _bytes.Length;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>Bytes after the length field: <see cref="SizeInBytes"/> less <see cref="LogOverhead"/>.</summary>
    public int BatchLength => BinaryPrimitives.ReadInt32BigEndian(_bytes[LengthAt..]);

    public int PartitionLeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[PartitionLeaderEpochAt..]);

    public sbyte Magic => (sbyte)_bytes[MagicAt];

    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[CrcAt..]);

    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(_bytes[AttributesAt..]);

    /// <summary>The codec; an id that no codec has (5 to 7) comes back as it is.</summary>
    public CompressionCodec Compression => (CompressionCodec)(Attributes & CompressionMask);

    public TimestampType TimestampType =>
        (Attributes & TimestampTypeFlag) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    public bool IsTransactional => (Attributes & TransactionalFlag) != 0;

    public bool IsControl => (Attributes & ControlFlag) != 0;

    public bool HasDeleteHorizon => (Attributes & DeleteHorizonFlag) != 0;

    /// <summary>When tombstones and markers of this batch may go (KIP-534); null when not set.</summary>
    public long? DeleteHorizonMs => HasDeleteHorizon ? BaseTimestamp : null;

    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[LastOffsetDeltaAt..]);

    /// <summary>The offset of the last record the batch had when it was written (compaction may have taken it).
    /// </summary>
    public long LastOffset => unchecked(BaseOffset + LastOffsetDelta);

    /// <summary>The first offset after this batch.</summary>
    public long NextOffset => unchecked(LastOffset + 1);

    /// <summary>What timestamp deltas of the records count from; the delete horizon when that flag is set.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[BaseTimestampAt..]);

    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[MaxTimestampAt..]);

    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[ProducerIdAt..]);

    public bool HasProducerId => ProducerId > NoProducerId;

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[ProducerEpochAt..]);

    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[BaseSequenceAt..]);

    /// <summary>The sequence of the last record, wrapping from 2147483647 to 0; -1 without sequences.</summary>
    public int LastSequence =>
        BaseSequence == NoSequence ? NoSequence : IncrementSequence(BaseSequence, LastOffsetDelta);

    /// <summary>As declared; not trusted before the records were walked.</summary>
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[RecordCountAt..]);

    /// <summary>The view of the batch that starts at <paramref name="bytes"/>; further bytes may follow it.</summary>
    /// <returns>False when the batch is incomplete, shorter than a header, or not of format 2.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RecordBatchView view)
    {
        if (bytes.Length >= HeaderSize && (sbyte)bytes[MagicAt] == CurrentMagic)
        {
            long size = LogOverhead + (long)BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
            if (size >= HeaderSize && size <= bytes.Length)
            {
                view = new RecordBatchView(bytes[..(int)size]);
                return true;
            }
        }

        view = default;
        return false;
    }

    /// <summary>Whether the stored checksum is that of the bytes from attributes to the end.</summary>
    public bool IsCrcValid() => Crc32C.Compute(_bytes[AttributesAt..]) == Crc;
}
