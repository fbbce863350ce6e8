using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KRaftSharp.Log.Cleaning;

/// <summary>The last offset of each key of a part of a log, in a table of bounded size. One thread at a time.</summary>
/// <remarks>
/// Keys are known by 16 bytes of their SHA-256 only: two keys with one hash would lose a record, and nobody can make
/// such keys. An entry takes 24 bytes, whatever the length of the key.
/// </remarks>
internal sealed class KeyOffsetMap
{
    public const int EntrySize = HashSize + sizeof(long);

    private const int HashSize = 16;
    private const int FirstSlots = 1024;

    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private byte[] _table = [];
    private int _slots;
    private int _maxSlots;
    private int _maxCount;

    /// <summary>The offset up to which (inclusive) the records are in; -1 when there are none.</summary>
    public long LatestOffset { get; private set; } = -1;

    public int Count { get; private set; }

    /// <summary>No further key fits.</summary>
    public bool IsFull => Count >= _maxCount;

    /// <summary>The share of the most keys that are in, 0 to 1.</summary>
    public double Utilization => _maxCount == 0 ? 0 : (double)Count / _maxCount;

    /// <summary>Empties the map and sets its limits.</summary>
    /// <param name="maxBytes">The most memory of the table.</param>
    /// <param name="loadFactor">The share of the table that may be filled.</param>
    public void Reset(long maxBytes, double loadFactor)
    {
        // A search ends at a free slot: there is always one.
        _maxSlots = (int)Math.Clamp(maxBytes / EntrySize, 2, Array.MaxLength / EntrySize);
        _maxCount = Math.Clamp((int)(_maxSlots * loadFactor), 1, _maxSlots - 1);
        if (_slots > _maxSlots)
        {
            Release();
        }

        _table.AsSpan().Clear();
        Count = 0;
        LatestOffset = -1;
    }

    /// <summary>Lets the table's memory go.</summary>
    public void Release()
    {
        _table = [];
        _slots = 0;
        Count = 0;
    }

    /// <summary>Notes a key's offset, greater than all before; the map must not be full.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset)
    {
        if (Count >= _slots / 2 && _slots < _maxSlots)
        {
            Grow();
        }

        ReadOnlySpan<byte> hash = HashOf(key);
        Span<byte> entry = Find(hash);
        if (IsFree(entry))
        {
            hash.CopyTo(entry);
            Count++;
        }

        BinaryPrimitives.WriteInt64LittleEndian(entry[HashSize..], offset + 1);
        LatestOffset = offset;
    }

    /// <summary>The last offset of a key; -1 when it is not in.</summary>
    public long Get(ReadOnlySpan<byte> key) =>
        Count == 0 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(Find(HashOf(key))[HashSize..]) - 1;

    public void AdvanceTo(long offset) => LatestOffset = Math.Max(LatestOffset, offset);

    // An offset is stored with one added, so that zero means free.
    private static bool IsFree(ReadOnlySpan<byte> entry) =>
        BinaryPrimitives.ReadInt64LittleEndian(entry[HashSize..]) == 0;

    private ReadOnlySpan<byte> HashOf(ReadOnlySpan<byte> key)
    {
        SHA256.HashData(key, _hash);
        return _hash.AsSpan(0, HashSize);
    }

    /// <summary>The entry of a hash, or the free one where it would be.</summary>
    private Span<byte> Find(ReadOnlySpan<byte> hash)
    {
        int slot = (int)Math.BigMul(BinaryPrimitives.ReadUInt64LittleEndian(hash), (ulong)_slots, out _);
        while (true)
        {
            Span<byte> entry = _table.AsSpan(slot * EntrySize, EntrySize);
            if (IsFree(entry) || entry[..HashSize].SequenceEqual(hash))
            {
                return entry;
            }

            slot = slot + 1 == _slots ? 0 : slot + 1;
        }
    }

    private void Grow()
    {
        byte[] old = _table;
        _slots = (int)Math.Min(Math.Max(2L * _slots, FirstSlots), _maxSlots);
        _table = new byte[_slots * EntrySize];
        for (int at = 0; at < old.Length; at += EntrySize)
        {
            ReadOnlySpan<byte> entry = old.AsSpan(at, EntrySize);
            if (!IsFree(entry))
            {
                entry.CopyTo(Find(entry[..HashSize]));
            }
        }
    }
}
