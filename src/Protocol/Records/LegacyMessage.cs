using System.Buffers.Binary;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>Recognises single messages of formats 0 and 1, so that they are refused, or shown, for what they
/// are.</summary>
/// <remarks>After offset and length: CRC-32 of what follows it, magic, attributes, in format 1 an int64 timestamp, then
/// key and value with int32 lengths (-1 for null). Compressed wrappers are not opened.</remarks>
public readonly ref struct LegacyMessage
{
    private const int ContentAt = 18;
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    private LegacyMessage(long timestamp, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue)
    {
        Timestamp = timestamp;
        Key = key;
        HasKey = hasKey;
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>-1 in format 0.</summary>
    public long Timestamp { get; }

    public ReadOnlySpan<byte> Key { get; }

    public bool HasKey { get; }

    public ReadOnlySpan<byte> Value { get; }

    public bool HasValue { get; }

    /// <summary>Whether the checksum of a frame of format 0 or 1 is right.</summary>
    public static bool IsCrcValid(ReadOnlySpan<byte> frame)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in frame[MagicAt..])
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(frame[PartitionLeaderEpochAt..]);
    }

    /// <summary>The message in an uncompressed frame of format 0 or 1; false when its lengths do not fit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out LegacyMessage message)
    {
        message = default;
        int at = ContentAt;
        long timestamp = NoTimestamp;
        if (frame.Length < ContentAt || (frame[MagicAt + 1] & CompressionMask) != 0)
        {
            return false;
        }

        if (frame[MagicAt] == 1)
        {
            if (frame.Length < ContentAt + sizeof(long))
            {
                return false;
            }

            timestamp = BinaryPrimitives.ReadInt64BigEndian(frame[at..]);
            at += sizeof(long);
        }

        if (!TryReadBytes(frame, ref at, out ReadOnlySpan<byte> key, out bool hasKey)
            || !TryReadBytes(frame, ref at, out ReadOnlySpan<byte> value, out bool hasValue))
        {
            return false;
        }

        message = new LegacyMessage(timestamp, key, hasKey, value, hasValue);
        return true;
    }

    private static bool TryReadBytes(
        ReadOnlySpan<byte> frame, scoped ref int at, out ReadOnlySpan<byte> bytes, out bool isPresent)
    {
        bytes = default;
        isPresent = false;
        if (frame.Length - at < sizeof(int))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(frame[at..]);
        at += sizeof(int);
        if (length > frame.Length - at)
        {
            return false;
        }

        isPresent = length >= 0;
        if (isPresent)
        {
            bytes = frame.Slice(at, length);
            at += length;
        }

        return true;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? Polynomial ^ (crc >> 1) : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
