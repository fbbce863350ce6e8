using KRaftSharp.Broker.ShareState;

namespace KRaftSharp.Broker.Sharing.Core;

/// <summary>The records of a share partition from the first that is not done to the last that was delivered.</summary>
/// <remarks>
/// Batches do not overlap. Offsets between two of them hold no records. Pure; one owner.
/// </remarks>
internal sealed class InFlightRecords
{
    private readonly List<InFlightBatch> _batches = [];
    private bool _mayBeAvailable;

    /// <param name="startOffset">Where the share partition begins; nothing was delivered beyond it.</param>
    public InFlightRecords(long startOffset) => StartOffset = EndOffset = startOffset;

    /// <summary>Everything before it is done. Only moves forward.</summary>
    public long StartOffset { get; private set; }

    /// <summary>The last offset that was delivered; the next one to be while nothing is in flight.</summary>
    public long EndOffset { get; private set; }

    /// <summary>In the order of offsets.</summary>
    public IReadOnlyList<InFlightBatch> Batches => _batches;

    public bool IsEmpty => _batches.Count == 0;

    /// <summary>How many offsets are in flight, done ones among them.</summary>
    public long Count => IsEmpty ? 0 : EndOffset - StartOffset + 1;

    private bool IsBehindStart => IsEmpty || StartOffset > _batches[^1].LastOffset;

    /// <summary>As it was persisted: what lies between the batches was delivered but not done, and starts
    /// anew.</summary>
    /// <returns>Null when the batches contradict each other or the start.</returns>
    public static InFlightRecords? Load(long startOffset, IReadOnlyList<StateBatch> batches)
    {
        InFlightRecords loaded = new(startOffset);
        long next = startOffset;
        foreach (StateBatch batch in batches)
        {
            if (batch.FirstOffset < next || batch.LastOffset < batch.FirstOffset)
            {
                return null;
            }

            if (batch.FirstOffset > next)
            {
                loaded._batches.Add(InFlightBatch.Fresh(next, batch.FirstOffset - 1));
            }

            loaded._batches.Add(InFlightBatch.Of(batch));
            next = batch.LastOffset + 1;
        }

        if (!loaded.IsEmpty)
        {
            loaded.EndOffset = next - 1;
            loaded._mayBeAvailable = true;
            loaded.Advance();
        }

        return loaded;
    }

    /// <summary>The first offset that may be delivered: one that was before, else the next of the log.</summary>
    public long NextOffset()
    {
        if (IsBehindStart)
        {
            _mayBeAvailable = false;
            return EndOffset;
        }

        if (_mayBeAvailable)
        {
            foreach (InFlightBatch batch in _batches)
            {
                foreach (InFlightRun run in batch.Runs)
                {
                    if (run.IsAvailable)
                    {
                        return run.FirstOffset;
                    }
                }
            }

            _mayBeAvailable = false;
        }

        return EndOffset + 1;
    }

    /// <summary>Something that was delivered may have to be delivered again.</summary>
    public void MarkAvailable() => _mayBeAvailable = true;

    /// <summary>The index of the last batch that begins at or before an offset; -1 if none does.</summary>
    public int Floor(long offset)
    {
        int low = 0;
        int high = _batches.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_batches[middle].FirstOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    /// <summary>The batches that overlap a range.</summary>
    public IReadOnlyList<InFlightBatch> Overlapping(long firstOffset, long lastOffset)
    {
        int from = Floor(firstOffset);
        if (from < 0 || _batches[from].LastOffset < firstOffset)
        {
            from++;
        }

        int to = Floor(lastOffset);
        return from > to ? [] : _batches.GetRange(from, to - from + 1);
    }

    public void Add(InFlightBatch batch)
    {
        _batches.Insert(Floor(batch.FirstOffset) + 1, batch);
        if (batch == _batches[0] && batch.FirstOffset > StartOffset)
        {
            // No record lies before it.
            StartOffset = batch.FirstOffset;
        }

        EndOffset = Math.Max(EndOffset, batch.LastOffset);
    }

    public void Remove(InFlightBatch batch) => _batches.Remove(batch);

    /// <summary>How many records from the start on are done, or will be when what is under way is persisted.</summary>
    public int CompleteCount()
    {
        long count = 0;
        foreach (InFlightBatch batch in _batches)
        {
            foreach (InFlightRun run in batch.Runs)
            {
                if (run.State is RecordState.Acknowledged or RecordState.Archived && run.LastOffset >= StartOffset)
                {
                    count += run.LastOffset - Math.Max(run.FirstOffset, StartOffset) + 1;
                }
            }
        }

        return (int)count;
    }

    /// <summary>Moves the start beyond what is done, and forgets that. True when it has moved.</summary>
    public bool Advance()
    {
        long before = StartOffset;
        int gone = 0;
        while (gone < _batches.Count)
        {
            InFlightRun? open = _batches[gone].Runs.FirstOrDefault(static run => !run.IsDone);
            if (open is not null)
            {
                StartOffset = Math.Max(StartOffset, open.FirstOffset);
                break;
            }

            gone++;
        }

        if (gone == _batches.Count && gone > 0)
        {
            StartOffset = EndOffset = Math.Max(StartOffset, _batches[^1].LastOffset + 1);
        }

        _batches.RemoveRange(0, gone);
        return StartOffset > before;
    }

    /// <summary>The log begins later than this: what nobody holds of it is given up.</summary>
    public void MoveStart(long logStartOffset)
    {
        if (logStartOffset <= StartOffset)
        {
            return;
        }

        Archive(0, logStartOffset - 1, RecordState.Available);
        StartOffset = logStartOffset;
        EndOffset = Math.Max(EndOffset, StartOffset);
    }

    /// <summary>Gives up the records of a range that are in <paramref name="state"/>.</summary>
    public void Archive(long firstOffset, long lastOffset, RecordState state)
    {
        foreach (InFlightBatch batch in Overlapping(firstOffset, lastOffset))
        {
            if (!batch.IsSplit && batch.Whole.State != state)
            {
                continue;
            }

            if (!batch.IsSplit && batch.IsWithin(firstOffset, lastOffset))
            {
                batch.Whole.Become(RecordState.Archived);
                continue;
            }

            foreach (InFlightRun run in batch.Within(firstOffset, lastOffset))
            {
                if (run.State == state)
                {
                    run.Become(RecordState.Archived);
                }
            }
        }
    }
}
