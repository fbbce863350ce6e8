using System.Buffers.Binary;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Indexes;

/// <summary>Where in a segment a batch with a given last offset starts; sparse.</summary>
/// <remarks>
/// <code>
/// entry, big-endian:  offset size
///                          0    4  last offset of the batch, less the segment's base offset
///                          4    4  position of the batch in the segment
/// </code>
/// </remarks>
internal sealed class OffsetIndex(IStorage storage, string path, long baseOffset) : IDisposable
{
    public const int EntrySize = 8;

    private readonly IndexFile _file = new(storage, path, EntrySize);

    public int Count => _file.Count;

    public IndexFile File => _file;

    public bool IsFull(int maxBytes) => Count >= maxBytes / EntrySize;

    /// <summary>
    /// The last entry whose offset is at most <paramref name="offset"/>; the segment's start if none.
    /// </summary>
    public (long Offset, int Position) Lookup(long offset)
    {
        int count = _file.Count;
        ReadOnlySpan<byte> entries = _file.Entries(count);
        int low = 0;
        int high = (entries.Length / EntrySize) - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (OffsetAt(entries, middle) <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high < 0 ? (baseOffset, 0) : (OffsetAt(entries, high), PositionAt(entries, high));
    }

    public (long Offset, int Position)? Last
    {
        get
        {
            ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
            int last = (entries.Length / EntrySize) - 1;
            return last < 0 ? null : (OffsetAt(entries, last), PositionAt(entries, last));
        }
    }

    /// <summary>The offset of the first entry at or beyond a position; null if none.</summary>
    public long? OffsetFrom(long position)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        int low = 0;
        int high = entries.Length / EntrySize;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (PositionAt(entries, middle) < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < entries.Length / EntrySize ? OffsetAt(entries, low) : null;
    }

    public void Append(long offset, int position)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32BigEndian(entry, (int)(offset - baseOffset));
        BinaryPrimitives.WriteInt32BigEndian(entry[sizeof(int)..], position);
        _file.Append(entry);
    }

    /// <summary>Drops the entries of batches at or beyond a position.</summary>
    public void TruncateToPosition(int position)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        int count = entries.Length / EntrySize;
        while (count > 0 && PositionAt(entries, count - 1) >= position)
        {
            count--;
        }

        _file.TruncateTo(count);
    }

    /// <summary>Whether offsets and positions rise and stay within the segment.</summary>
    public bool IsOrdered(long nextOffset, int segmentBytes)
    {
        ReadOnlySpan<byte> entries = _file.Entries(_file.Count);
        long lastOffset = baseOffset - 1;
        int lastPosition = -1;
        for (int i = 0; i < entries.Length / EntrySize; i++)
        {
            long offset = OffsetAt(entries, i);
            int position = PositionAt(entries, i);
            if (offset <= lastOffset || position <= lastPosition || offset >= nextOffset || position >= segmentBytes)
            {
                return false;
            }

            (lastOffset, lastPosition) = (offset, position);
        }

        return true;
    }

    public void Clear() => _file.TruncateTo(0);

    public void Dispose() => _file.Dispose();

    private static int PositionAt(ReadOnlySpan<byte> entries, int slot) =>
        BinaryPrimitives.ReadInt32BigEndian(entries[((slot * EntrySize) + sizeof(int))..]);

    private long OffsetAt(ReadOnlySpan<byte> entries, int slot) =>
        baseOffset + BinaryPrimitives.ReadInt32BigEndian(entries[(slot * EntrySize)..]);
}
