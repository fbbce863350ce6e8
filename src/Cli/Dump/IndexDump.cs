using System.Buffers.Binary;
using System.Text.Json;

namespace KRaftSharp.Cli.Dump;

/// <summary>Prints the entries of a segment's indexes. The room that an index was given ahead of time is
/// zeros.</summary>
internal static class IndexDump
{
    private const int OffsetEntryBytes = 8;
    private const int TimeEntryBytes = 12;
    private const int TransactionEntryBytes = 34;

    /// <summary>Relative offset and position in the segment, four bytes each.</summary>
    public static bool WriteOffsets(ReadOnlySpan<byte> bytes, long baseOffset, DumpOutput output)
    {
        int last = 0;
        for (int at = 0; at + OffsetEntryBytes <= bytes.Length; at += OffsetEntryBytes)
        {
            int relative = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            int position = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + sizeof(int))..]);
            if (relative == 0 && position == 0 && bytes[at..].IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            if (at > 0 && relative <= last)
            {
                return output.Fault($"offset {baseOffset + relative} follows {baseOffset + last}", at);
            }

            last = relative;
            Utf8JsonWriter json = output.Begin();
            json.WriteNumber("offset", baseOffset + relative);
            json.WriteNumber("position", position);
            output.End();
        }

        return true;
    }

    /// <summary>Timestamp, eight bytes, and relative offset, four.</summary>
    public static bool WriteTimes(ReadOnlySpan<byte> bytes, long baseOffset, DumpOutput output)
    {
        long last = long.MinValue;
        for (int at = 0; at + TimeEntryBytes <= bytes.Length; at += TimeEntryBytes)
        {
            if (bytes[at..].IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            long timestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[at..]);
            int relative = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + sizeof(long))..]);
            if (timestamp < last)
            {
                return output.Fault($"timestamp {timestamp} follows {last}", at);
            }

            last = timestamp;
            Utf8JsonWriter json = output.Begin();
            json.WriteNumber("timestamp", timestamp);
            json.WriteNumber("offset", baseOffset + relative);
            output.End();
        }

        return true;
    }

    /// <summary>Aborted transactions: version, producer id, first and last offset, last stable offset.</summary>
    public static bool WriteTransactions(ReadOnlySpan<byte> bytes, DumpOutput output)
    {
        for (int at = 0; at + TransactionEntryBytes <= bytes.Length; at += TransactionEntryBytes)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(at, TransactionEntryBytes);
            Utf8JsonWriter json = output.Begin();
            json.WriteNumber("version", BinaryPrimitives.ReadInt16BigEndian(entry));
            json.WriteNumber("producerId", BinaryPrimitives.ReadInt64BigEndian(entry[2..]));
            json.WriteNumber("firstOffset", BinaryPrimitives.ReadInt64BigEndian(entry[10..]));
            json.WriteNumber("lastOffset", BinaryPrimitives.ReadInt64BigEndian(entry[18..]));
            json.WriteNumber("lastStableOffset", BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
            output.End();
        }

        return true;
    }
}
