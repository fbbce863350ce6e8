using System.Globalization;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Epochs;

/// <summary>Which leader epoch starts where (KIP-101). Written by the log's owner, read by any thread.</summary>
/// <remarks>
/// Its file is written when the log is flushed, before the recovery point moves: what it lacks after a crash are
/// epochs of batches that recovery looks at anyway.
/// </remarks>
public sealed class LeaderEpochCache
{
    private const int Fields = 2;

    private EpochEntry[] _entries = [];
    private bool _isDirty;

    internal LeaderEpochCache()
    {
    }

    /// <summary>Rising in epoch and offset; a snapshot that does not change.</summary>
    public IReadOnlyList<EpochEntry> Entries => Volatile.Read(ref _entries);

    /// <summary>-1 when there is none.</summary>
    public int LatestEpoch => Volatile.Read(ref _entries) is { Length: > 0 } entries ? entries[^1].Epoch : -1;

    /// <summary>The epoch of the record at an offset; -1 when unknown.</summary>
    public int EpochOf(long offset)
    {
        EpochEntry[] entries = Volatile.Read(ref _entries);
        for (int i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].StartOffset <= offset)
            {
                return entries[i].Epoch;
            }
        }

        return -1;
    }

    /// <summary>The greatest epoch up to <paramref name="epoch"/> and where it ends.</summary>
    /// <remarks>
    /// Undefined for an epoch later than all that are known; the epoch itself with the log's first known offset for one
    /// earlier than all.
    /// </remarks>
    public LogPoint EndOffsetFor(int epoch, long logEndOffset)
    {
        EpochEntry[] entries = Volatile.Read(ref _entries);
        if (epoch < 0 || entries.Length == 0 || epoch > entries[^1].Epoch)
        {
            return LogPoint.Undefined;
        }

        if (epoch == entries[^1].Epoch)
        {
            return new LogPoint(epoch, logEndOffset);
        }

        int next = 0;
        while (entries[next].Epoch <= epoch)
        {
            next++;
        }

        return new LogPoint(next == 0 ? epoch : entries[next - 1].Epoch, entries[next].StartOffset);
    }

    /// <summary>Notes the first offset of an epoch; does nothing for one that is not later than the latest.</summary>
    internal void Assign(int epoch, long startOffset)
    {
        EpochEntry[] entries = _entries;
        if (epoch < 0 || (entries.Length > 0 && entries[^1].Epoch >= epoch && entries[^1].StartOffset <= startOffset))
        {
            return;
        }

        // What is not before the new entry in both respects was of a past that was cut off.
        Replace([
            .. entries.Where(entry => entry.Epoch < epoch && entry.StartOffset < startOffset),
            new EpochEntry(epoch, startOffset),
        ]);
    }

    /// <summary>As <see cref="Assign"/>, for a batch found on disk: an entry that contradicts it is of a past that was
    /// cut off.</summary>
    internal void Confirm(int epoch, long baseOffset)
    {
        EpochEntry[] entries = _entries;
        if (entries.Length > 0 && entries[^1].StartOffset >= baseOffset && entries[^1].Epoch != epoch)
        {
            TruncateFromEnd(baseOffset);
        }

        Assign(epoch, baseOffset);
    }

    /// <summary>Forgets epochs that start at or beyond an offset.</summary>
    internal void TruncateFromEnd(long endOffset)
    {
        EpochEntry[] entries = _entries;
        if (entries.Length > 0 && entries[^1].StartOffset >= endOffset)
        {
            Replace([.. entries.Where(entry => entry.StartOffset < endOffset)]);
        }
    }

    /// <summary>Forgets epochs that end at or before an offset; the one it falls into then starts there.</summary>
    internal void TruncateFromStart(long startOffset)
    {
        EpochEntry[] entries = _entries;
        int kept = entries.Length - 1;
        while (kept >= 0 && entries[kept].StartOffset > startOffset)
        {
            kept--;
        }

        if (kept > 0 || (kept == 0 && entries[0].StartOffset < startOffset))
        {
            Replace([entries[kept] with { StartOffset = startOffset }, .. entries[(kept + 1)..]]);
        }
    }

    internal void Clear()
    {
        if (_entries.Length > 0)
        {
            Replace([]);
        }
    }

    /// <summary>Reads the file; entries that do not rise are the end of what counts.</summary>
    internal void Load(IStorage storage, string path)
    {
        List<EpochEntry> entries = [];
        foreach (string[] fields in CheckpointText.TryRead(storage, path, Fields) ?? [])
        {
            if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch)
                || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long startOffset)
                || (entries.Count > 0 && (epoch <= entries[^1].Epoch || startOffset <= entries[^1].StartOffset)))
            {
                break;
            }

            entries.Add(new EpochEntry(epoch, startOffset));
        }

        Volatile.Write(ref _entries, [.. entries]);
    }

    /// <summary>What to write, if it changed since the last call; on the owner's strand.</summary>
    internal byte[]? TakeChanges()
    {
        if (!_isDirty)
        {
            return null;
        }

        _isDirty = false;
        return CheckpointText.Format(_entries, static (text, entry) =>
            text.Append(CultureInfo.InvariantCulture, $"{entry.Epoch} {entry.StartOffset}"));
    }

    private void Replace(EpochEntry[] entries)
    {
        Invariant.Require(
            entries.Length < 2 || (entries[^2].Epoch < entries[^1].Epoch
                && entries[^2].StartOffset < entries[^1].StartOffset),
            "leader epochs rise with their offsets", entries.Length < 2 ? default : entries[^2],
            entries.Length == 0 ? default : entries[^1]);
        _isDirty = true;
        Volatile.Write(ref _entries, entries);
    }
}
