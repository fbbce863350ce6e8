using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Tests.Property.Simulation.Clock;

namespace KRaftSharp.Tests.Property.Simulation.Disk;

/// <summary>
/// A process's file system on its machine's simulated disk. Does nothing once the machine has no power.
/// </summary>
internal sealed class SimStorage(SimScheduler scheduler, SimContext life, SimDisk disk, Prng chance) : IStorage
{
    private readonly HashSet<string> _locked = new(StringComparer.Ordinal);

    public SimDisk Disk => disk;

    private bool IsGone => life.IsFrozen || !life.IsAlive;

    public IStorageFile Open(string path, StorageOpenMode mode)
    {
        string name = SimDisk.Tree.Normalize(path);
        if (!disk.Now.Files.TryGetValue(name, out SimFile? file))
        {
            if (mode is StorageOpenMode.Existing or StorageOpenMode.Read
                || !disk.Now.Directories.Contains(SimDisk.Tree.Parent(name)))
            {
                throw new StorageException(StorageFault.NotFound, path);
            }

            RequireSpace(path);
            file = new SimFile();
            SimFile created = file;
            Change(tree => tree.Files[name] = created);
        }
        else if (mode == StorageOpenMode.CreateOrTruncate && !IsGone)
        {
            file.Truncate(0);
            disk.CountWrite();
        }

        return new OpenFile(this, file, name, mode == StorageOpenMode.Read);
    }

    public bool FileExists(string path) => disk.Now.Files.ContainsKey(SimDisk.Tree.Normalize(path));

    public bool DirectoryExists(string path) => disk.Now.Directories.Contains(SimDisk.Tree.Normalize(path));

    public void CreateDirectory(string path)
    {
        string name = SimDisk.Tree.Normalize(path);
        if (!disk.Now.Directories.Contains(name))
        {
            RequireSpace(path);
            Change(tree => tree.CreateDirectories(name));
        }
    }

    public IReadOnlyList<string> ListFiles(string directory) => [.. disk.Now.FilesIn(Existing(directory))];

    public IReadOnlyList<string> ListDirectories(string directory) => [.. disk.Now.DirectoriesIn(Existing(directory))];

    public void Rename(string from, string to)
    {
        string source = SimDisk.Tree.Normalize(from);
        string target = SimDisk.Tree.Normalize(to);
        if (!disk.Now.Files.ContainsKey(source) && !disk.Now.Directories.Contains(source))
        {
            throw new StorageException(StorageFault.NotFound, from);
        }

        Change(tree => tree.Rename(source, target));
    }

    public void Delete(string path)
    {
        string name = SimDisk.Tree.Normalize(path);
        if (disk.Now.Files.ContainsKey(name))
        {
            Change(tree => tree.Files.Remove(name));
        }
    }

    public void DeleteDirectory(string path)
    {
        string name = SimDisk.Tree.Normalize(path);
        if (disk.Now.Directories.Contains(name))
        {
            Change(tree => tree.DeleteDirectory(name));
        }
    }

    public void SyncDirectory(string directory)
    {
        FailFlushIfDue(directory);
        if (!IsGone)
        {
            disk.SyncNames();
        }
    }

    public (long TotalBytes, long UsableBytes) SpaceOf(string directory)
    {
        const long Size = 1L << 40;
        Existing(directory);
        return (Size, disk.IsFull ? 0 : Size - disk.Now.Files.Values.Sum(static file => file.Length));
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
        string temporary = path + ".tmp";
        using (IStorageFile file = Open(temporary, StorageOpenMode.CreateOrTruncate))
        {
            file.Write(bytes, 0);
            if (isDurable)
            {
                file.Flush();
            }
        }

        Rename(temporary, path);
        if (isDurable && !IsNeverSynced(path))
        {
            SyncDirectory(SimDisk.Tree.Parent(SimDisk.Tree.Normalize(path)));
        }
    }

    public IDisposable LockDirectory(string directory)
    {
        if (!_locked.Add(directory))
        {
            throw new StorageException(StorageFault.Locked, directory);
        }

        return new Lock(_locked, directory);
    }

    private string Existing(string directory)
    {
        string name = SimDisk.Tree.Normalize(directory);
        return disk.Now.Directories.Contains(name)
            ? name
            : throw new StorageException(StorageFault.NotFound, directory);
    }

    private void Change(Action<SimDisk.Tree> change)
    {
        if (!IsGone)
        {
            disk.Change(change);
            disk.CountWrite();
        }
    }

    private bool IsNeverSynced(string path) =>
        disk.NeverSynced is { } part && path.Contains(part, StringComparison.Ordinal);

    private void RequireSpace(string path)
    {
        if (disk.IsFull && !IsGone)
        {
            disk.HasFailed = true;
            throw new StorageException(StorageFault.NoSpace, path);
        }
    }

    private void FailFlushIfDue(string path)
    {
        if (disk.FailingFlushes > 0 && !IsGone)
        {
            disk.FailingFlushes--;
            disk.HasFailed = true;
            throw new StorageException(StorageFault.Io, path);
        }
    }

    private sealed class Lock(HashSet<string> locked, string directory) : IDisposable
    {
        public void Dispose() => locked.Remove(directory);
    }

    private sealed class OpenFile(SimStorage storage, SimFile file, string path, bool isReadOnly) : IStorageFile
    {
        public string Path => path;

        public long Length => file.Length;

        public int Read(Span<byte> target, long position) => file.Read(target, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            RequireWritable();
            storage.RequireSpace(path);
            if (!storage.IsGone)
            {
                file.Write(bytes, position);
                storage.TraceWrite(bytes);
            }
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            byte[] all = new byte[buffers.Sum(buffer => buffer.Length)];
            int at = 0;
            foreach (ReadOnlyMemory<byte> buffer in buffers)
            {
                buffer.Span.CopyTo(all.AsSpan(at));
                at += buffer.Length;
            }

            Write(all, position);
        }

        public void Truncate(long length)
        {
            RequireWritable();
            if (!storage.IsGone)
            {
                file.Truncate(length);
                storage.Disk.CountWrite();
            }
        }

        public void Flush()
        {
            storage.FailFlushIfDue(path);
            if (!storage.IsGone && !storage.IsNeverSynced(path))
            {
                file.CompleteFlush(file.BeginFlush());
            }
        }

        public ValueTask FlushAsync()
        {
            if (storage.Disk.FailingFlushes > 0 && !storage.IsGone)
            {
                storage.Disk.FailingFlushes--;
                storage.Disk.HasFailed = true;
                return ValueTask.FromException(new StorageException(StorageFault.Io, path));
            }

            return storage.FlushLater(file, storage.IsNeverSynced(path));
        }

        public IStorageMapping Map(int length) => new Mapping(file, length);

        public void Dispose()
        {
        }

        private void RequireWritable()
        {
            if (isReadOnly)
            {
                throw new StorageException(StorageFault.AccessDenied, path);
            }
        }
    }

    private sealed class Mapping(SimFile file, int length) : IStorageMapping
    {
        private readonly byte[] _bytes = file.Map(length);

        public Span<byte> Span => _bytes;

        public void Dispose() => file.Unmap(_bytes);
    }

    private void TraceWrite(ReadOnlySpan<byte> bytes)
    {
        scheduler.Trace.Mix(bytes);
        disk.CountWrite();
    }

    /// <summary>The sync goes on in the kernel even if the process stands still or dies.</summary>
    private ValueTask FlushLater(SimFile file, bool isIgnored)
    {
        if (IsGone)
        {
            return new ValueTask(new TaskCompletionSource().Task);
        }

        long mark = file.BeginFlush();
        int delayUs = chance.Between(disk.FlushDelay.LeastMs * 1000, disk.FlushDelay.MostMs * 1000);
        var done = new TaskCompletionSource();
        scheduler.Schedule(scheduler.World, TimeSpan.FromMicroseconds(delayUs), () =>
        {
            if (!isIgnored)
            {
                file.CompleteFlush(mark);
            }

            scheduler.Schedule(life, TimeSpan.Zero, done.SetResult);
        });
        return new ValueTask(done.Task);
    }
}
