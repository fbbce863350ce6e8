namespace KRaftSharp.Log.Storage;

/// <summary>A node's file system. Paths are absolute, with forward slashes, or relative to the process.</summary>
/// <remarks>
/// Thread-safe. Every failure is a <see cref="StorageException"/>. A file that is renamed or deleted while it is open
/// stays readable and writable through what is open.
/// </remarks>
public interface IStorage
{
    IStorageFile Open(string path, StorageOpenMode mode);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Creates the directory and those above it; does nothing when it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Names (without path) of the files in a directory, in ordinal order.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Names (without path) of the directories in a directory, in ordinal order.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Renames a file (replacing what has the new name) or a directory, atomically.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; does nothing when there is none.</summary>
    void Delete(string path);

    /// <summary>Deletes a directory and all in it; does nothing when there is none.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes creations, renames and deletions in the directory durable.</summary>
    void SyncDirectory(string directory);

    /// <summary>How large the disk under a directory is, and how much of it this process may still use.</summary>
    (long TotalBytes, long UsableBytes) SpaceOf(string directory);

    byte[] ReadAllBytes(string path);

    /// <summary>
    /// Replaces a file by a temporary file and a rename, so that a reader finds the old or the new content.
    /// </summary>
    /// <param name="isDurable">Sync the file before the rename and the directory after it; without, only a crash of
    /// the process is survived, not one of the machine.</param>
    void WriteAtomically(string path, ReadOnlySpan<byte> bytes, bool isDurable = true);

    /// <summary>Takes a directory for this process (its file <c>.lock</c>) until the result is disposed.</summary>
    IDisposable LockDirectory(string directory);
}
