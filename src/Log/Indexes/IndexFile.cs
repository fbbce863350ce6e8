using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Indexes;

/// <summary>A file of equally long, sorted entries.</summary>
/// <remarks>
/// The active segment's indexes are kept in memory and written when the segment is sealed or closed: a crash costs
/// them, and recovery, which has to scan that segment anyway, makes them anew. Sealed ones are memory-mapped. One
/// writer; readers take no lock but hold the segment, which keeps the mapping alive. The file is only ever replaced
/// as a whole, so a mapping never loses what it shows.
/// </remarks>
internal sealed class IndexFile(IStorage storage, string path, int entrySize) : IDisposable
{
    private const int FirstCapacity = 32;

    private readonly List<IStorageMapping> _retired = [];
    private byte[]? _memory;
    private IStorageMapping? _mapping;
    private int _count;
    private bool _isWritten;

    public string Path => path;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Reads the file; false when there is none or its length is no multiple of an entry's.</summary>
    public bool TryLoad(bool isSealed)
    {
        if (!storage.FileExists(path))
        {
            return false;
        }

        using IStorageFile file = storage.Open(path, StorageOpenMode.Existing);
        long length = file.Length;
        if (length % entrySize != 0 || length > int.MaxValue)
        {
            return false;
        }

        int count = (int)(length / entrySize);
        if (isSealed && count > 0)
        {
            _mapping = file.Map((int)length);
        }
        else if (count > 0)
        {
            byte[] memory = new byte[length];
            if (file.Read(memory, 0) != length)
            {
                return false;
            }

            _memory = memory;
        }

        _isWritten = true;
        Volatile.Write(ref _count, count);
        return true;
    }

    /// <summary>The first <paramref name="count"/> entries, which was read from <see cref="Count"/> before.</summary>
    public ReadOnlySpan<byte> Entries(int count)
    {
        int length = count * entrySize;
        if (length == 0)
        {
            return [];
        }

        byte[]? memory = Volatile.Read(ref _memory);
        return memory is not null && memory.Length >= length
            ? memory.AsSpan(0, length)
            : Volatile.Read(ref _mapping) is { } mapping && mapping.Span.Length >= length
                ? mapping.Span[..length]
                : [];
    }

    public void Append(ReadOnlySpan<byte> entry)
    {
        byte[] memory = MakeWritable((_count + 1) * entrySize);
        entry.CopyTo(memory.AsSpan(_count * entrySize));
        _isWritten = false;
        Volatile.Write(ref _count, _count + 1);
    }

    public void TruncateTo(int count)
    {
        if (count < _count)
        {
            MakeWritable(_count * entrySize);
            _isWritten = false;
            Volatile.Write(ref _count, count);
        }
    }

    /// <summary>Writes the file as it is now, unless it is so already.</summary>
    public void Persist()
    {
        if (!_isWritten)
        {
            storage.WriteAtomically(path, Entries(_count), isDurable: false);
            _isWritten = true;
        }
    }

    /// <summary>The file holds, or will get by a rename, what is here.</summary>
    public void MarkWritten() => _isWritten = true;

    /// <summary>Writes the file and maps it; nothing will be appended for now.</summary>
    public void Seal()
    {
        Persist();
        if (_memory is not null && _count > 0)
        {
            using IStorageFile file = storage.Open(path, StorageOpenMode.Existing);
            if (_mapping is { } old)
            {
                _retired.Add(old);
            }

            Volatile.Write(ref _mapping, file.Map(_count * entrySize));
            Volatile.Write(ref _memory, null);
        }
    }

    public void Dispose()
    {
        _mapping?.Dispose();
        _retired.ForEach(static mapping => mapping.Dispose());
    }

    // Once writable, an old mapping is kept until the end: readers may still look at it.
    private byte[] MakeWritable(int bytes)
    {
        byte[]? memory = _memory;
        if (memory is null || memory.Length < bytes)
        {
            byte[] larger = new byte[Math.Max(Math.Max(bytes, FirstCapacity * entrySize), 2 * (memory?.Length ?? 0))];
            Entries(_count).CopyTo(larger);
            Volatile.Write(ref _memory, larger);
            memory = larger;
        }

        return memory;
    }
}
