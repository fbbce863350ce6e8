using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Producers;

/// <summary>The snapshot files of a log's directory.</summary>
internal sealed class ProducerSnapshots
{
    private readonly IStorage _storage;
    private readonly string _directory;
    private readonly SortedSet<long> _offsets = [];

    public ProducerSnapshots(IStorage storage, string directory, IEnumerable<string> fileNames)
    {
        _storage = storage;
        _directory = directory;
        foreach (string name in fileNames)
        {
            if (SegmentFiles.TryParse(name, SegmentFiles.ProducerSnapshot, out long offset))
            {
                _offsets.Add(offset);
            }
        }
    }

    public IReadOnlyCollection<long> Offsets => _offsets;

    public long? Latest => _offsets.Count == 0 ? null : _offsets.Max;

    /// <summary>Loads the latest snapshot that is good; snapshots found bad are deleted.</summary>
    /// <param name="highWatermark">Transactions that ended beyond it are still unstable, but no snapshot names them:
    /// where there are transactions, a snapshot that lies beyond is passed over.</param>
    public void LoadLatest(ProducerTable table, long logStartOffset, long nowMs, long highWatermark)
    {
        foreach (long offset in _offsets.Reverse().TakeWhile(offset => offset >= logStartOffset).ToList())
        {
            if (ProducerSnapshotFile.TryParse(_storage.ReadAllBytes(PathOf(offset))) is not { } entries)
            {
                Delete(offset);
            }
            else if (offset <= highWatermark || entries.All(static entry => entry.CoordinatorEpoch < 0))
            {
                table.Load(entries, offset, nowMs);
                return;
            }
        }

        table.Reset(logStartOffset);
    }

    /// <summary>Writes a snapshot of what was taken in so far, unless there is one.</summary>
    public void Take(ProducerTable table)
    {
        long offset = table.EndOffset;
        if (Latest is not { } latest || latest < offset)
        {
            _storage.WriteAtomically(PathOf(offset), ProducerSnapshotFile.Format(table.Entries), isDurable: false);
            _offsets.Add(offset);
        }
    }

    /// <summary>Keeps the snapshots that start segments, and the latest of the others if it is later than those.
    /// </summary>
    public void RemoveStrays(IReadOnlySet<long> segmentOffsets)
    {
        long? latest = Latest;
        foreach (long offset in _offsets.ToList())
        {
            if (!segmentOffsets.Contains(offset) && offset != latest)
            {
                Delete(offset);
            }
        }
    }

    public void DeleteAt(long offset) => DeleteWhere(at => at == offset);

    public void DeleteBeyond(long offset) => DeleteWhere(at => at > offset);

    public void DeleteBefore(long offset) => DeleteWhere(at => at < offset);

    public void DeleteAll() => DeleteWhere(static _ => true);

    private void DeleteWhere(Func<long, bool> isUnwanted)
    {
        foreach (long offset in _offsets.Where(isUnwanted).ToList())
        {
            Delete(offset);
        }
    }

    private void Delete(long offset)
    {
        _storage.Delete(PathOf(offset));
        _offsets.Remove(offset);
    }

    private string PathOf(long offset) => SegmentFiles.Path(_directory, offset, SegmentFiles.ProducerSnapshot);
}
