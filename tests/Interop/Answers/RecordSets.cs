using System.Buffers.Binary;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Interop.Answers;

/// <summary>Record sets with other producer ids and times. What is no whole batch of today's format stays.</summary>
internal static class RecordSets
{
    /// <summary>The recorded set as it would look here and now.</summary>
    public static byte[] Translate(ReadOnlySpan<byte> recorded, Identities ids, RecordedTime time)
    {
        byte[] translated = recorded.ToArray();
        foreach (Range range in WholeBatches(translated))
        {
            Span<byte> batch = translated.AsSpan(range);
            if (!IsCurrent(batch) || Checksum(batch) != CrcOf(batch))
            {
                continue;
            }

            long producer = Read(batch, RecordBatchLayout.ProducerIdAt);
            Write(batch, RecordBatchLayout.ProducerIdAt, ids.Translate(Identities.Producer, producer));
            Write(batch, RecordBatchLayout.BaseTimestampAt, time.Translate(
                Read(batch, RecordBatchLayout.BaseTimestampAt)));
            Write(batch, RecordBatchLayout.MaxTimestampAt, time.Translate(
                Read(batch, RecordBatchLayout.MaxTimestampAt)));
            BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchLayout.CrcAt..], Checksum(batch));
        }

        return translated;
    }

    /// <summary>Whether the answer's batches are those that were recorded; a last one that is cut off does not count.
    /// </summary>
    public static bool AreSame(ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> ours, Identities ids, RecordedTime time)
    {
        byte[] expected = Translate(recorded, ids, time);
        List<Range> ranges = WholeBatches(expected);
        List<Range> found = WholeBatches(ours);
        if (ranges.Count != found.Count)
        {
            return false;
        }

        for (int i = 0; i < ranges.Count; i++)
        {
            ReadOnlySpan<byte> batch = ours[found[i]];
            if (!AreSame(expected.AsSpan(ranges[i]), batch, time))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSame(Span<byte> expected, ReadOnlySpan<byte> batch, RecordedTime time)
    {
        if (IsCurrent(expected) && IsCurrent(batch) && Checksum(batch) == CrcOf(batch))
        {
            // Times that a broker gave are only near each other.
            foreach (int at in (int[])[RecordBatchLayout.BaseTimestampAt, RecordBatchLayout.MaxTimestampAt])
            {
                if (time.AreNear(Read(expected, at), Read(batch, at)))
                {
                    batch.Slice(at, sizeof(long)).CopyTo(expected[at..]);
                }
            }

            BinaryPrimitives.WriteUInt32BigEndian(expected[RecordBatchLayout.CrcAt..], Checksum(expected));
        }

        return expected.SequenceEqual(batch) || IsSameCompressedDifferently(expected, batch);
    }

    /// <summary>Two compressors need not make the same bytes of the same records.</summary>
    private static bool IsSameCompressedDifferently(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> batch)
    {
        if (!RecordBatchView.TryParse(expected, out RecordBatchView one)
            || !RecordBatchView.TryParse(batch, out RecordBatchView other)
            || one.Compression == CompressionCodec.None || one.BaseOffset != other.BaseOffset
            || !one.Bytes[RecordBatchLayout.AttributesAt..RecordBatchLayout.HeaderSize].SequenceEqual(
                other.Bytes[RecordBatchLayout.AttributesAt..RecordBatchLayout.HeaderSize]))
        {
            return false;
        }

        using RecordReader left = new(one);
        using RecordReader right = new(other);
        while (left.MoveNext())
        {
            if (!right.MoveNext() || left.Current.Offset != right.Current.Offset
                || left.Current.TimestampDelta != right.Current.TimestampDelta
                || left.Current.HasKey != right.Current.HasKey || left.Current.HasValue != right.Current.HasValue
                || !left.Current.Key.SequenceEqual(right.Current.Key)
                || !left.Current.Value.SequenceEqual(right.Current.Value)
                || !left.Current.HeaderBytes.SequenceEqual(right.Current.HeaderBytes))
            {
                return false;
            }
        }

        return !right.MoveNext() && left.Fault == RecordFault.None && right.Fault == RecordFault.None;
    }

    private static List<Range> WholeBatches(ReadOnlySpan<byte> set)
    {
        List<Range> ranges = [];
        for (int at = 0; at + RecordBatchLayout.LogOverhead <= set.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(set[(at + RecordBatchLayout.LengthAt)..]);
            long end = (long)at + RecordBatchLayout.LogOverhead + length;
            if (length < RecordBatchLayout.MinLength || end > set.Length)
            {
                break;
            }

            ranges.Add(at..(int)end);
            at = (int)end;
        }

        return ranges;
    }

    private static bool IsCurrent(ReadOnlySpan<byte> batch) =>
        batch.Length >= RecordBatchLayout.HeaderSize
        && (sbyte)batch[RecordBatchLayout.MagicAt] == RecordBatchLayout.CurrentMagic;

    private static uint Checksum(ReadOnlySpan<byte> batch) => Crc32C.Compute(batch[RecordBatchLayout.AttributesAt..]);

    private static uint CrcOf(ReadOnlySpan<byte> batch) =>
        BinaryPrimitives.ReadUInt32BigEndian(batch[RecordBatchLayout.CrcAt..]);

    private static long Read(ReadOnlySpan<byte> batch, int at) => BinaryPrimitives.ReadInt64BigEndian(batch[at..]);

    private static void Write(Span<byte> batch, int at, long value) =>
        BinaryPrimitives.WriteInt64BigEndian(batch[at..], value);
}
