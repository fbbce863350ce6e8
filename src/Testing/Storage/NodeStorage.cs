using KRaftSharp.Log.Storage;
using KRaftSharp.Testing.Nodes;

namespace KRaftSharp.Testing.Storage;

/// <summary>A node's storage, which changes no more once the node was killed.</summary>
internal sealed class NodeStorage(IStorage inner, NodeLife life) : IStorage
{
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _locks = [];

    public IStorageFile Open(string path, StorageOpenMode mode)
    {
        RequireLife(path);
        return new OpenFile(inner.Open(path, mode), life);
    }

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public void CreateDirectory(string path)
    {
        RequireLife(path);
        inner.CreateDirectory(path);
    }

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => inner.ListDirectories(directory);

    public void Rename(string from, string to)
    {
        RequireLife(from);
        inner.Rename(from, to);
    }

    public void Delete(string path)
    {
        RequireLife(path);
        inner.Delete(path);
    }

    public void DeleteDirectory(string path)
    {
        RequireLife(path);
        inner.DeleteDirectory(path);
    }

    public void SyncDirectory(string directory)
    {
        RequireLife(directory);
        inner.SyncDirectory(directory);
    }

    public (long TotalBytes, long UsableBytes) SpaceOf(string directory) => inner.SpaceOf(directory);

    public byte[] ReadAllBytes(string path) => inner.ReadAllBytes(path);

    public void WriteAtomically(string path, ReadOnlySpan<byte> bytes, bool isDurable = true)
    {
        RequireLife(path);
        inner.WriteAtomically(path, bytes, isDurable);
    }

    public IDisposable LockDirectory(string directory)
    {
        IDisposable held = inner.LockDirectory(directory);
        lock (_gate)
        {
            _locks.Add(held);
        }

        return held;
    }

    /// <summary>The next life may take the directories.</summary>
    public void ReleaseLocks()
    {
        lock (_gate)
        {
            _locks.ForEach(held => held.Dispose());
            _locks.Clear();
        }
    }

    private void RequireLife(string path)
    {
        if (life.IsDead)
        {
            throw new StorageException(StorageFault.Io, path);
        }
    }

    private sealed class OpenFile(IStorageFile inner, NodeLife life) : IStorageFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public int Read(Span<byte> target, long position) => inner.Read(target, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            RequireLife();
            inner.Write(bytes, position);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            RequireLife();
            inner.Write(buffers, position);
        }

        public void Truncate(long length)
        {
            RequireLife();
            inner.Truncate(length);
        }

        public void Flush()
        {
            RequireLife();
            inner.Flush();
        }

        public ValueTask FlushAsync() => life.IsDead
            ? ValueTask.FromException(new StorageException(StorageFault.Io, Path))
            : inner.FlushAsync();

        public IStorageMapping Map(int length) => inner.Map(length);

        public void Dispose() => inner.Dispose();

        private void RequireLife()
        {
            if (life.IsDead)
            {
                throw new StorageException(StorageFault.Io, Path);
            }
        }
    }
}
