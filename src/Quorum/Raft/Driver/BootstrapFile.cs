using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>
/// What a new cluster starts with: the metadata log's snapshot at offset 0, which holds its first records and, with
/// dynamic voters, who they are (KIP-853, KIP-1170).
/// </summary>
public static class BootstrapFile
{
    /// <summary>Where Kafka before 4.3 and earlier versions of this software put the records.</summary>
    private const string OldFileName = "bootstrap.checkpoint";

    private const string FileName = "00000000000000000000-0000000000.checkpoint";
    private const int MaxBatchBytes = 8 * 1024 * 1024;

    /// <summary>The records of bootstrap.checkpoint; null when there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IReadOnlyList<VersionedRecord>? Read(IStorage storage, string directory)
    {
        string path = $"{directory}/{OldFileName}";
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

    /// <summary>Writes the snapshot, durably, under a name of its own first.</summary>
    /// <param name="storage">The node's file system.</param>
    /// <param name="directory">metadata.log.dir.</param>
    /// <param name="records">The cluster's first records.</param>
    /// <param name="voters">The first voters; null where the quorum knows them, or the configuration.</param>
    /// <param name="kraftVersion">1 for dynamic voters.</param>
    /// <param name="time">For the timestamps inside.</param>
    public static void Write(
        IStorage storage, string directory, IReadOnlyList<VersionedRecord> records, VoterSet? voters,
        short kraftVersion, TimeProvider time)
    {
        string logDirectory = $"{directory}/{MetadataLog.DirectoryName}";
        storage.CreateDirectory(logDirectory);
        string path = $"{logDirectory}/{FileName}";
        string part = path + ".part";
        using (IStorageFile file = storage.Open(part, StorageOpenMode.CreateOrTruncate))
        {
            using SnapshotFileWriter writer = new(
                new LogPoint(0, 0), file, 0, MaxBatchBytes, time, (voters, kraftVersion), static _ => { },
                static _ => { });
            writer.Append(records);
            writer.Freeze();
            file.Flush();
        }

        storage.Rename(part, path);
        storage.SyncDirectory(logDirectory);
        storage.SyncDirectory(directory);
    }
}
