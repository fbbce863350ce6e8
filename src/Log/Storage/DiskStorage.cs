using Microsoft.Win32.SafeHandles;

namespace KRaftSharp.Log.Storage;

/// <summary>The operating system's file system.</summary>
public sealed class DiskStorage : IStorage
{
    private const string TemporarySuffix = ".tmp";
    private const string LockFile = ".lock";

    public IStorageFile Open(string path, StorageOpenMode mode) => Guard(path, () =>
    {
        (FileMode how, FileAccess access) = mode switch
        {
            StorageOpenMode.Existing => (FileMode.Open, FileAccess.ReadWrite),
            StorageOpenMode.OpenOrCreate => (FileMode.OpenOrCreate, FileAccess.ReadWrite),
            StorageOpenMode.CreateOrTruncate => (FileMode.Create, FileAccess.ReadWrite),
            StorageOpenMode.Read => (FileMode.Open, FileAccess.Read),
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
        return new DiskFile(path, OpenHandle(path, how, access));
    });

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => Guard(path, () => Directory.CreateDirectory(path));

    public IReadOnlyList<string> ListFiles(string directory) =>
        Guard(directory, () => SortedNames(Directory.EnumerateFiles(directory)));

    public IReadOnlyList<string> ListDirectories(string directory) =>
        Guard(directory, () => SortedNames(Directory.EnumerateDirectories(directory)));

    public void Rename(string from, string to) => Guard(from, () =>
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }

        return 0;
    });

    public void Delete(string path) => Guard(path, () =>
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }

        return 0;
    });

    public void DeleteDirectory(string path) => Guard(path, () =>
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }

        return 0;
    });

    public void SyncDirectory(string directory) => Guard(directory, () =>
    {
        // A directory is opened and synced as a file; Windows has no such thing and journals names itself.
        if (!OperatingSystem.IsWindows())
        {
            DirectorySync.Flush(directory);
        }

        return 0;
    });

    public (long TotalBytes, long UsableBytes) SpaceOf(string directory) => Guard(directory, () =>
    {
        var drive = new DriveInfo(Path.GetFullPath(directory));
        return (drive.TotalSize, drive.AvailableFreeSpace);
    });

    public byte[] ReadAllBytes(string path) => Guard(path, () => File.ReadAllBytes(path));

    public void WriteAtomically(string path, ReadOnlySpan<byte> bytes, bool isDurable = true)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            using (SafeFileHandle handle = OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(handle, bytes, 0);
                if (isDurable)
                {
                    RandomAccess.FlushToDisk(handle);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }

        if (isDurable && Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent)
        {
            SyncDirectory(parent);
        }
    }

    public IDisposable LockDirectory(string directory)
    {
        string path = Path.Combine(directory, LockFile);
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StorageException(StorageFault.Locked, path, error);
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    private static SafeFileHandle OpenHandle(string path, FileMode mode, FileAccess access) =>
        File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);

    private static List<string> SortedNames(IEnumerable<string> paths)
    {
        List<string> names = [.. paths.Select(path => Path.GetFileName(path))];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (DiskErrors.IsStorageError(error))
        {
            throw DiskErrors.Translate(error, path);
        }
    }
}
