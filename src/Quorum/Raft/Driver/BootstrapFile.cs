using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>
/// The file bootstrap.checkpoint of a metadata directory, in a snapshot's format: what a new cluster starts with.
/// </summary>
public static class BootstrapFile
{
    private const string FileName = "bootstrap.checkpoint";
    private const int MaxBatchBytes = 8 * 1024 * 1024;

    /// <summary>Its records; null when there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IReadOnlyList<VersionedRecord>? Read(IStorage storage, string directory)
    {
        string path = $"{directory}/{FileName}";
        if (!storage.FileExists(path))
        {
            return null;
        }

        List<VersionedRecord> records = [];
        using SnapshotFileReader reader = new(default, storage.Open(path, StorageOpenMode.Read));
        while (reader.ReadBatch() is { } batch)
        {
            // The version is not kept by the reader; every record that may stand here has only one.
            records.AddRange(batch.Select(
                (IMetadataRecord record) => new VersionedRecord(record, record.HighestVersion)));
        }

        return records;
    }

    /// <summary>Writes the file, durably, under a name of its own first.</summary>
    public static void Write(
        IStorage storage, string directory, IReadOnlyList<VersionedRecord> records, TimeProvider time)
    {
        string path = $"{directory}/{FileName}";
        string part = path + ".part";
        using (IStorageFile file = storage.Open(part, StorageOpenMode.CreateOrTruncate))
        {
            using SnapshotFileWriter writer = new(
                new LogPoint(0, 0), file, 0, MaxBatchBytes, time, static _ => { }, static _ => { });
            writer.Append(records);
            writer.Freeze();
            file.Flush();
        }

        storage.Rename(part, path);
        storage.SyncDirectory(directory);
    }
}
