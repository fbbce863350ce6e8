using System.Buffers.Binary;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Producers;

/// <summary>A producer snapshot (ProducerSnapshot version 1): the producers of a log up to an offset.</summary>
/// <remarks>
/// <code>
/// offset size
///      0    2  version (1)
///      2    4  CRC-32C of everything after this field
///      6    4  number of entries
///     10       entries of 46 bytes: producer id 8, epoch 2, last sequence 4, last offset 8, offset delta 4,
///              timestamp 8, coordinator epoch 4, first offset of the open transaction 8 (-1: none)
/// </code>
/// Kafka writes one entry a producer, its last batch. Here each kept batch has an entry, oldest first, so that a
/// restart knows all five: Kafka, where a later entry of the same producer replaces the earlier, reads the last one.
/// </remarks>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcAt = 2;
    private const int CountAt = 6;
    private const int EntriesAt = 10;
    private const int EntrySize = 46;

    public static byte[] Format(IEnumerable<ProducerEntry> producers)
    {
        List<ProducerEntry> sorted = [.. producers.OrderBy(static entry => entry.ProducerId)];
        int count = sorted.Sum(static entry => Math.Max(1, entry.BatchCount));
        byte[] bytes = new byte[EntriesAt + (count * EntrySize)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountAt), count);
        int at = EntriesAt;
        foreach (ProducerEntry entry in sorted)
        {
            for (int age = Math.Max(0, entry.BatchCount - 1); age >= 0; age--)
            {
                ProducerBatch batch = entry.BatchCount == 0
                    ? new ProducerBatch(RecordBatchLayout.NoSequence, -1, 0, entry.LastTimestampMs)
                    : entry.BatchOfAge(age);
                WriteEntry(bytes.AsSpan(at), entry, batch, isLast: age == 0);
                at += EntrySize;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(CountAt)));
        return bytes;
    }

    /// <summary>The entries; null when the bytes are not a whole snapshot.</summary>
    public static List<ProducerEntry>? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < EntriesAt || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[CountAt..]))
        {
            return null;
        }

        int count = BinaryPrimitives.ReadInt32BigEndian(bytes[CountAt..]);
        if (count < 0 || bytes.Length - EntriesAt != (long)count * EntrySize)
        {
            return null;
        }

        Dictionary<long, ProducerEntry> entries = [];
        for (int i = 0; i < count; i++)
        {
            ReadEntry(bytes[(EntriesAt + (i * EntrySize))..], entries);
        }

        return [.. entries.Values];
    }

    private static void WriteEntry(Span<byte> at, ProducerEntry entry, ProducerBatch batch, bool isLast)
    {
        BinaryPrimitives.WriteInt64BigEndian(at, entry.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(at[8..], entry.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(at[10..], batch.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(at[14..], batch.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(at[22..], batch.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(at[26..], isLast ? entry.LastTimestampMs : batch.TimestampMs);
        BinaryPrimitives.WriteInt32BigEndian(at[34..], entry.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(at[38..], entry.CurrentTxnFirstOffset);
    }

    private static void ReadEntry(ReadOnlySpan<byte> at, Dictionary<long, ProducerEntry> entries)
    {
        long producerId = BinaryPrimitives.ReadInt64BigEndian(at);
        if (!entries.TryGetValue(producerId, out ProducerEntry? entry))
        {
            entry = new ProducerEntry(producerId);
            entries.Add(producerId, entry);
        }

        entry.SetEpoch(BinaryPrimitives.ReadInt16BigEndian(at[8..]));
        int lastSequence = BinaryPrimitives.ReadInt32BigEndian(at[10..]);
        long timestamp = BinaryPrimitives.ReadInt64BigEndian(at[26..]);
        if (lastSequence != RecordBatchLayout.NoSequence)
        {
            entry.Add(new ProducerBatch(
                lastSequence,
                BinaryPrimitives.ReadInt64BigEndian(at[14..]),
                BinaryPrimitives.ReadInt32BigEndian(at[22..]),
                timestamp));
        }

        entry.LastTimestampMs = timestamp;
        entry.CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(at[34..]);
        entry.CurrentTxnFirstOffset = BinaryPrimitives.ReadInt64BigEndian(at[38..]);
    }
}
