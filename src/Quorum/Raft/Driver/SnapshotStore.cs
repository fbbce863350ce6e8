using System.Globalization;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The snapshot files beside the metadata log: <c>{end offset}-{epoch}.checkpoint</c> (KIP-630).</summary>
/// <remarks>Changed on the driver's strand; <see cref="Ids"/> and the files are for any thread.</remarks>
internal sealed class SnapshotStore
{
    private const string Suffix = ".checkpoint";
    private const string PartSuffix = ".checkpoint.part";
    private const string DownloadSuffix = ".checkpoint.download.part";
    private const int OffsetDigits = 20;
    private const int EpochDigits = 10;

    private readonly IStorage _storage;
    private readonly string _directory;
    private volatile LogPoint[] _ids;

    /// <summary>Lists what is there and removes what was never finished.</summary>
    public SnapshotStore(IStorage storage, string directory)
    {
        _storage = storage;
        _directory = directory;
        List<LogPoint> ids = [];
        foreach (string name in storage.ListFiles(directory))
        {
            if (name.EndsWith(".part", StringComparison.Ordinal)
                || name.EndsWith(Suffix + ".deleted", StringComparison.Ordinal))
            {
                storage.Delete(directory + "/" + name);
            }
            else if (TryParse(name, out LogPoint id))
            {
                ids.Add(id);
            }
        }

        ids.Sort(static (left, right) => left.EndOffset.CompareTo(right.EndOffset));
        _ids = [.. ids];
    }

    /// <summary>Rising.</summary>
    public IReadOnlyList<LogPoint> Ids => _ids;

    public LogPoint? Latest => _ids is [.., var latest] ? latest : null;

    public LogPoint? Earliest => _ids is [var earliest, ..] ? earliest : null;

    /// <summary>A new file for a snapshot of one's own, to be published under its name later.</summary>
    public IStorageFile CreatePart(LogPoint id) =>
        _storage.Open(PathOf(id, PartSuffix), StorageOpenMode.CreateOrTruncate);

    /// <summary>A new file for one that a leader sends.</summary>
    public IStorageFile CreateDownload(LogPoint id) =>
        _storage.Open(PathOf(id, DownloadSuffix), StorageOpenMode.CreateOrTruncate);

    public IStorageFile Open(LogPoint id) => _storage.Open(PathOf(id, Suffix), StorageOpenMode.Read);

    /// <summary>Gives a durable, closed file its name. The new name is durable when this returns.</summary>
    public void Publish(string path, LogPoint id)
    {
        _storage.Rename(path, PathOf(id, Suffix));
        _storage.SyncDirectory(_directory);
    }

    /// <summary>Takes a published snapshot into the list.</summary>
    public void Add(LogPoint id)
    {
        if (!_ids.Contains(id))
        {
            _ids = [.. _ids.Append(id).OrderBy(other => other.EndOffset)];
        }
    }

    public void Discard(string path) => _storage.Delete(path);

    /// <summary>Forgets and deletes those that end before an offset, but never the latest.</summary>
    public void DeleteBefore(long endOffset)
    {
        LogPoint[] gone = [.. _ids.Where(id => id.EndOffset < endOffset && id != Latest)];
        _ids = [.. _ids.Except(gone)];
        foreach (LogPoint id in gone)
        {
            _storage.Delete(PathOf(id, Suffix));
        }
    }

    public long SizeOf(LogPoint id)
    {
        using IStorageFile file = Open(id);
        return file.Length;
    }

    private static bool TryParse(string name, out LogPoint id)
    {
        id = default;
        if (name.Length != OffsetDigits + 1 + EpochDigits + Suffix.Length || name[OffsetDigits] != '-'
            || !name.EndsWith(Suffix, StringComparison.Ordinal)
            || !long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture,
                out long offset)
            || !int.TryParse(name.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None,
                CultureInfo.InvariantCulture, out int epoch))
        {
            return false;
        }

        id = new LogPoint(epoch, offset);
        return true;
    }

    private string PathOf(LogPoint id, string suffix) =>
        string.Create(CultureInfo.InvariantCulture, $"{_directory}/{id.EndOffset:D20}-{id.Epoch:D10}{suffix}");
}
