using System.Buffers.Binary;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Indexes;

/// <summary>The transactions whose abort markers lie in a segment, in the order of the markers.</summary>
/// <remarks>
/// <code>
/// entry, big-endian:  offset size
///                          0    2  version (0)
///                          2    8  producer id
///                         10    8  first offset
///                         18    8  last offset, that of the marker
///                         26    8  last stable offset
/// </code>
/// One writer; any thread reads what is published. The file is written as a whole, when the log is flushed and before
/// the recovery point moves past the segment; after a crash it is made anew from the batches.
/// </remarks>
internal sealed class AbortedIndex
{
    public const int EntrySize = 34;

    private volatile AbortedTransaction[] _entries = [];
    private bool _isWritten = true;

    public int Count => _entries.Length;

    /// <summary>Whether the file does not hold what is known.</summary>
    public bool IsChanged => !_isWritten;

    /// <summary>Any thread.</summary>
    public IReadOnlyList<AbortedTransaction> Entries => _entries;

    /// <summary>Reads the file, if there is one; false when it cannot be that of such a segment.</summary>
    public bool TryLoad(IStorage storage, string path, long baseOffset, long limitOffset)
    {
        _entries = [];
        _isWritten = true;
        if (!storage.FileExists(path))
        {
            return true;
        }

        ReadOnlySpan<byte> bytes = storage.ReadAllBytes(path);
        if (bytes.Length % EntrySize != 0)
        {
            return false;
        }

        var entries = new AbortedTransaction[bytes.Length / EntrySize];
        long last = baseOffset - 1;
        for (int i = 0; i < entries.Length; i++)
        {
            ReadOnlySpan<byte> entry = bytes.Slice(i * EntrySize, EntrySize);
            entries[i] = new AbortedTransaction(
                BinaryPrimitives.ReadInt64BigEndian(entry[2..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[18..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
            if (entries[i].LastOffset <= last || entries[i].LastOffset >= limitOffset
                || entries[i].FirstOffset > entries[i].LastOffset)
            {
                return false;
            }

            last = entries[i].LastOffset;
        }

        _entries = entries;
        return true;
    }

    /// <summary>Adds what lies beyond the last entry; what is known already stays as it is.</summary>
    public void AppendIfNew(in AbortedTransaction transaction)
    {
        AbortedTransaction[] entries = _entries;
        if (entries.Length == 0 || entries[^1].LastOffset < transaction.LastOffset)
        {
            _entries = [.. entries, transaction];
            _isWritten = false;
        }
    }

    /// <summary>Drops the entries whose markers lie at or beyond an offset.</summary>
    public void TruncateTo(long offset)
    {
        AbortedTransaction[] entries = _entries;
        if (entries.Length > 0 && entries[^1].LastOffset >= offset)
        {
            _entries = [.. entries.TakeWhile(entry => entry.LastOffset < offset)];
            _isWritten = false;
        }
    }

    /// <summary>Forgets everything, the file's contents too at the next write.</summary>
    public void Clear()
    {
        _entries = [];
        _isWritten = false;
    }

    /// <summary>What the file has to hold; null when it holds it already.</summary>
    public byte[]? TakeChanges()
    {
        if (_isWritten)
        {
            return null;
        }

        _isWritten = true;
        AbortedTransaction[] entries = _entries;
        byte[] bytes = new byte[entries.Length * EntrySize];
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(i * EntrySize, EntrySize);
            BinaryPrimitives.WriteInt64BigEndian(entry[2..], entries[i].ProducerId);
            BinaryPrimitives.WriteInt64BigEndian(entry[10..], entries[i].FirstOffset);
            BinaryPrimitives.WriteInt64BigEndian(entry[18..], entries[i].LastOffset);
            BinaryPrimitives.WriteInt64BigEndian(entry[26..], entries[i].LastStableOffset);
        }

        return bytes;
    }
}
