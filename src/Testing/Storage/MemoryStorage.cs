using KRaftSharp.Log.Storage;

namespace KRaftSharp.Testing.Storage;

/// <summary>A node's file system in memory: what a process leaves behind when it is killed, its next life finds.
/// </summary>
internal sealed class MemoryStorage : IStorage
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly HashSet<string> _locked = new(StringComparer.Ordinal);

    public IStorageFile Open(string path, StorageOpenMode mode)
    {
        string name = Normalize(path);
        lock (_gate)
        {
            if (!_files.TryGetValue(name, out MemoryFile? file))
            {
                if (mode is StorageOpenMode.Existing or StorageOpenMode.Read || !_directories.Contains(Parent(name)))
                {
                    throw new StorageException(StorageFault.NotFound, path);
                }

                _files.Add(name, file = new MemoryFile());
            }
            else if (mode == StorageOpenMode.CreateOrTruncate)
            {
                file.SetLength(0);
            }

            return new OpenFile(file, path);
        }
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            return _files.ContainsKey(Normalize(path));
        }
    }

    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            return _directories.Contains(Normalize(path));
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            for (string at = Normalize(path); at != "/"; at = Parent(at))
            {
                _directories.Add(at);
            }
        }
    }

    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (_gate)
        {
            string name = Existing(directory);
            return [.. _files.Keys.Where(file => Parent(file) == name).Select(NameOf)];
        }
    }

    public IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (_gate)
        {
            string name = Existing(directory);
            return [.. _directories.Where(child => child != "/" && Parent(child) == name).Select(NameOf)];
        }
    }

    public void Rename(string from, string to)
    {
        (string source, string target) = (Normalize(from), Normalize(to));
        lock (_gate)
        {
            if (_files.Remove(source, out MemoryFile? file))
            {
                _files[target] = file;
                return;
            }

            if (!_directories.Contains(source))
            {
                throw new StorageException(StorageFault.NotFound, from);
            }

            foreach (string inside in _files.Keys.Where(path => IsInside(path, source)).ToList())
            {
                _files.Remove(inside, out MemoryFile? moved);
                _files[target + inside[source.Length..]] = moved!;
            }

            foreach (string inside in _directories.Where(path => path == source || IsInside(path, source)).ToList())
            {
                _directories.Remove(inside);
                _directories.Add(target + inside[source.Length..]);
            }
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            _files.Remove(Normalize(path));
        }
    }

    public void DeleteDirectory(string path)
    {
        string name = Normalize(path);
        lock (_gate)
        {
            foreach (string inside in _files.Keys.Where(file => IsInside(file, name)).ToList())
            {
                _files.Remove(inside);
            }

            _directories.RemoveWhere(directory => directory == name || IsInside(directory, name));
        }
    }

    public void SyncDirectory(string directory)
    {
    }

    public (long TotalBytes, long UsableBytes) SpaceOf(string directory)
    {
        const long size = 1L << 40;
        lock (_gate)
        {
            Existing(directory);
            return (size, size - _files.Values.Sum(static file => file.Length));
        }
    }

    public byte[] ReadAllBytes(string path)
    {
        using IStorageFile file = Open(path, StorageOpenMode.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return bytes;
    }

    public void WriteAtomically(string path, ReadOnlySpan<byte> bytes, bool isDurable = true)
    {
        MemoryFile file = new();
        file.Write(bytes, 0);
        string name = Normalize(path);
        lock (_gate)
        {
            Existing(Parent(name));
            _files[name] = file;
        }
    }

    public IDisposable LockDirectory(string directory)
    {
        lock (_gate)
        {
            return _locked.Add(directory)
                ? new Held(this, directory)
                : throw new StorageException(StorageFault.Locked, directory);
        }
    }

    private string Existing(string directory)
    {
        string name = Normalize(directory);
        return _directories.Contains(name) ? name : throw new StorageException(StorageFault.NotFound, directory);
    }

    private static string Normalize(string path)
    {
        string trimmed = path.Replace('\\', '/').TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed;
    }

    private static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool IsInside(string path, string directory) =>
        path.Length > directory.Length && path[directory.Length] == '/'
        && path.StartsWith(directory, StringComparison.Ordinal);

    private sealed class Held(MemoryStorage storage, string directory) : IDisposable
    {
        public void Dispose()
        {
            lock (storage._gate)
            {
                storage._locked.Remove(directory);
            }
        }
    }

    private sealed class OpenFile(MemoryFile file, string path) : IStorageFile
    {
        public string Path => path;

        public long Length => file.Length;

        public int Read(Span<byte> target, long position) => file.Read(target, position);

        public void Write(ReadOnlySpan<byte> bytes, long position) => file.Write(bytes, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            foreach (ReadOnlyMemory<byte> buffer in buffers)
            {
                file.Write(buffer.Span, position);
                position += buffer.Length;
            }
        }

        public void Truncate(long length) => file.SetLength(length);

        public void Flush()
        {
        }

        public ValueTask FlushAsync() => ValueTask.CompletedTask;

        public IStorageMapping Map(int length) => new Mapping(file, length);

        public void Dispose()
        {
        }
    }

    private sealed class Mapping(MemoryFile file, int length) : IStorageMapping
    {
        private readonly byte[] _bytes = file.Map(length);
        private bool _isDisposed;

        public Span<byte> Span => _bytes.AsSpan(0, length);

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                file.Unmap();
            }
        }
    }
}
