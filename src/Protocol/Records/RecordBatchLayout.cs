namespace KRaftSharp.Protocol.Records;

/// <summary>Where the fields of a record batch (message format 2) lie. All numbers are big-endian.</summary>
/// <remarks>
/// <code>
/// offset size
///      0    8  base offset             not covered by the checksum
///      8    4  batch length            bytes after this field
///     12    4  partition leader epoch  not covered by the checksum
///     16    1  magic (2)
///     17    4  CRC-32C of everything from attributes to the end
///     21    2  attributes              bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
///     23    4  last offset delta
///     27    8  base timestamp          the delete horizon when bit 6 is set
///     35    8  max timestamp
///     43    8  producer id
///     51    2  producer epoch
///     53    4  base sequence
///     57    4  record count
///     61       records, compressed as one stream when a codec is set
/// </code>
/// </remarks>
public static class RecordBatchLayout
{
    public const int BaseOffsetAt = 0;
    public const int LengthAt = 8;
    public const int PartitionLeaderEpochAt = 12;
    public const int MagicAt = 16;
    public const int CrcAt = 17;
    public const int AttributesAt = 21;
    public const int LastOffsetDeltaAt = 23;
    public const int BaseTimestampAt = 27;
    public const int MaxTimestampAt = 35;
    public const int ProducerIdAt = 43;
    public const int ProducerEpochAt = 51;
    public const int BaseSequenceAt = 53;
    public const int RecordCountAt = 57;

    /// <summary>Bytes of the header: where the records start.</summary>
    public const int HeaderSize = 61;

    /// <summary>Base offset and length: what comes before the bytes that the length counts.</summary>
    public const int LogOverhead = 12;

    /// <summary>Bytes needed to know the magic of a batch.</summary>
    public const int SizeUpToMagic = 17;

    /// <summary>The least batch length any message format allows (format 0, without its offset and length).</summary>
    public const int MinLength = 14;

    public const sbyte CurrentMagic = 2;

    public const long NoProducerId = -1;
    public const short NoProducerEpoch = -1;
    public const int NoSequence = -1;
    public const long NoTimestamp = -1;
    public const int NoPartitionLeaderEpoch = -1;

    public const short CompressionMask = 0x07;
    public const short TimestampTypeFlag = 0x08;
    public const short TransactionalFlag = 0x10;
    public const short ControlFlag = 0x20;
    public const short DeleteHorizonFlag = 0x40;

    /// <summary>The sequence <paramref name="increment"/> records on; 2147483647 is followed by 0.</summary>
    public static int IncrementSequence(int sequence, int increment)
    {
        unchecked
        {
            return sequence > int.MaxValue - increment
                ? increment - (int.MaxValue - sequence) - 1
                : sequence + increment;
        }
    }

    /// <summary>The sequence <paramref name="decrement"/> records back; 0 is preceded by 2147483647.</summary>
    public static int DecrementSequence(int sequence, int decrement)
    {
        unchecked
        {
            return sequence < decrement ? int.MaxValue - (decrement - sequence) + 1 : sequence - decrement;
        }
    }
}
