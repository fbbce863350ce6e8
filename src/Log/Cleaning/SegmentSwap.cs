using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Cleaning;

/// <summary>
/// The files of a cleaned segment take the place of those it was made of, so that a crash at any point leaves either
/// all of the old ones, or enough to finish (Kafka's .cleaned and .swap files).
/// </summary>
/// <remarks>
/// .cleaned: being written, worth nothing. .swap: complete and durable; the .log.swap comes last, and from then on the
/// new segment counts. Then the old ones go in the order of their offsets: what a crash leaves of them is the newest,
/// which repeats what is newer than all that the cleaning kept. At last the new files get their names, the .log last.
/// </remarks>
internal static class SegmentSwap
{
    private static readonly string[] Companions =
        [SegmentFiles.OffsetIndex, SegmentFiles.TimeIndex, SegmentFiles.TransactionIndex];

    /// <summary>The cleaned files, flushed, become .swap files.</summary>
    public static void Announce(IStorage storage, string directory, long baseOffset)
    {
        Rename(storage, directory, baseOffset, SegmentFiles.Cleaned, SegmentFiles.Swap);
        storage.SyncDirectory(directory);
    }

    /// <summary>The old files are gone; the .swap files get their names.</summary>
    public static void Complete(IStorage storage, string directory, long baseOffset)
    {
        storage.SyncDirectory(directory);
        Rename(storage, directory, baseOffset, SegmentFiles.Swap, "");
        storage.SyncDirectory(directory);
    }

    /// <summary>Removes the files of a cleaning that came to nothing.</summary>
    public static void Abandon(IStorage storage, string directory, long baseOffset)
    {
        foreach (string suffix in (ReadOnlySpan<string>)[SegmentFiles.Log, .. Companions])
        {
            storage.Delete(SegmentFiles.Path(directory, baseOffset, suffix + SegmentFiles.Cleaned));
        }
    }

    /// <summary>Finishes what a crash interrupted and removes what is of no use; returns the files there are then.
    /// </summary>
    public static IReadOnlyList<string> Recover(IStorage storage, string directory, IReadOnlyList<string> names)
    {
        HashSet<long> unfinished = [];
        SortedSet<long> complete = [];
        foreach (string name in names)
        {
            if (name.EndsWith(SegmentFiles.Cleaned, StringComparison.Ordinal)
                && TryParse(name, SegmentFiles.Cleaned, out long cleaned))
            {
                unfinished.Add(cleaned);
            }
            else if (SegmentFiles.TryParse(name, SegmentFiles.Log + SegmentFiles.Swap, out long swapped))
            {
                complete.Add(swapped);
            }
        }

        // Kafka, splitting a segment, makes several from one: they count only together, and the first is the last one
        // to be announced.
        complete.RemoveWhere(at => unfinished.Count > 0 && at >= unfinished.Min());
        foreach (string name in names)
        {
            if (TryParse(name, SegmentFiles.Cleaned, out _)
                || (TryParse(name, SegmentFiles.Swap, out long at) && !complete.Contains(at)))
            {
                storage.Delete(SegmentFiles.Path(directory, name));
            }
        }

        foreach (long baseOffset in complete)
        {
            DeleteReplaced(storage, directory, baseOffset, names);
            Complete(storage, directory, baseOffset);
        }

        return storage.ListFiles(directory);
    }

    private static void DeleteReplaced(
        IStorage storage, string directory, long baseOffset, IReadOnlyList<string> names)
    {
        long end = EndOf(storage, directory, baseOffset);
        foreach (string name in names)
        {
            if (SegmentFiles.TryParse(name, SegmentFiles.Log, out long old)
                && (old == baseOffset || (old > baseOffset && old < end)))
            {
                foreach (string path in LogLoader.SegmentPaths(directory, old))
                {
                    storage.Delete(path);
                }
            }
        }
    }

    /// <summary>The offset after the last batch of a segment that is complete but has not got its name.</summary>
    private static long EndOf(IStorage storage, string directory, long baseOffset)
    {
        string path = SegmentFiles.Path(directory, baseOffset, SegmentFiles.Log + SegmentFiles.Swap);
        using IStorageFile file = storage.Open(path, StorageOpenMode.Read);
        using var scanner = new BatchScanner(file, 0, file.Length);
        long end = baseOffset;
        while (scanner.MoveNext())
        {
            end = scanner.LastOffset + 1;
        }

        return end;
    }

    private static bool TryParse(string name, string suffix, out long baseOffset)
    {
        foreach (string kind in (ReadOnlySpan<string>)[SegmentFiles.Log, .. Companions])
        {
            if (SegmentFiles.TryParse(name, kind + suffix, out baseOffset))
            {
                return true;
            }
        }

        baseOffset = 0;
        return false;
    }

    private static void Rename(IStorage storage, string directory, long baseOffset, string from, string to)
    {
        foreach (string suffix in (ReadOnlySpan<string>)[.. Companions, SegmentFiles.Log])
        {
            string path = SegmentFiles.Path(directory, baseOffset, suffix);
            if (storage.FileExists(path + from))
            {
                storage.Rename(path + from, path + to);
            }
        }
    }
}
