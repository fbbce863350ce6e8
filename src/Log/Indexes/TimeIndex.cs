using System.Buffers.Binary;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Indexes;

/// <summary>Which batch of a segment first reached a timestamp; sparse.</summary>
/// <remarks>
/// <code>
/// entry, big-endian:  offset size
///                          0    8  the greatest timestamp so far
///                          8    4  last offset of the batch that has it, less the segment's base offset
/// </code>
/// </remarks>
internal sealed class TimeIndex(IStorage storage, string path, long baseOffset) : IDisposable
{
    public const int EntrySize = 12;

    private readonly IndexFile _file = new(storage, path, EntrySize);

    public int Count => _file.Count;

    public IndexFile File => _file;

    /// <summary>One entry is kept free for the one that is made when the segment is sealed.</summary>
    public bool IsFull(int maxBytes) => Count >= (maxBytes / EntrySize) - 1;

    public (long TimestampMs, long Offset)? Last
    {
        get
        {
            ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
            int last = (entries.Length / EntrySize) - 1;
            return last < 0 ? null : (TimestampAt(entries, last), OffsetAt(entries, last));
        }
    }

    /// <summary>The last entry whose timestamp is at most <paramref name="timestampMs"/>; null if none.</summary>
    public (long TimestampMs, long Offset)? Lookup(long timestampMs)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        int low = 0;
        int high = (entries.Length / EntrySize) - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (TimestampAt(entries, middle) <= timestampMs)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < 0 ? null : (TimestampAt(entries, high), OffsetAt(entries, high));
    }

    /// <summary>Adds an entry if its timestamp is greater than the last one's.</summary>
    public void AppendIfGreater(long timestampMs, long offset)
    {
        if (timestampMs < 0 || (Last is { } last && timestampMs <= last.TimestampMs))
        {
            return;
        }

        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestampMs);
        BinaryPrimitives.WriteInt32BigEndian(entry[sizeof(long)..], (int)(offset - baseOffset));
        _file.Append(entry);
    }

    /// <summary>Drops the entries of offsets at or beyond one.</summary>
    public void TruncateToOffset(long offset)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        int count = entries.Length / EntrySize;
        while (count > 0 && OffsetAt(entries, count - 1) >= offset)
        {
            count--;
        }

        _file.TruncateTo(count);
    }

    /// <summary>Whether timestamps and offsets rise and stay within the segment.</summary>
    public bool IsOrdered(long nextOffset)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        long lastTimestamp = -1;
        long lastOffset = baseOffset - 1;
        for (int i = 0; i < entries.Length / EntrySize; i++)
        {
            long timestamp = TimestampAt(entries, i);
            long offset = OffsetAt(entries, i);
            if (timestamp <= lastTimestamp || offset <= lastOffset || offset >= nextOffset)
            {
                return false;
            }

            (lastTimestamp, lastOffset) = (timestamp, offset);
        }

        return true;
    }

    public void Clear() => _file.TruncateTo(0);

    public void Dispose() => _file.Dispose();

    private static long TimestampAt(ReadOnlySpan<byte> entries, int slot) =>
        BinaryPrimitives.ReadInt64BigEndian(entries[(slot * EntrySize)..]);

    private long OffsetAt(ReadOnlySpan<byte> entries, int slot) =>
        baseOffset + BinaryPrimitives.ReadInt32BigEndian(entries[((slot * EntrySize) + sizeof(long))..]);
}
