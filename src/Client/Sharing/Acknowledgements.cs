namespace KRaftSharp.Client.Sharing;

/// <summary>What is to be said to one broker, or has been and is not answered.</summary>
internal sealed class Acknowledgements
{
    private Dictionary<SharedPartition, SortedDictionary<long, AckRun>> _partitions = [];

    public bool IsEmpty => _partitions.Count == 0;

    public IReadOnlyCollection<SharedPartition> Partitions => _partitions.Keys;

    /// <summary>Whether locks are to be renewed, which older brokers do not know.</summary>
    public bool HasRenewals => _partitions.Values.Any(
        runs => runs.Values.Any(run => run.Type == (sbyte)AcknowledgeType.Renew));

    /// <summary>What was last said of an offset counts.</summary>
    public void Add(SharedPartition partition, AckRun run)
    {
        if (!_partitions.TryGetValue(partition, out SortedDictionary<long, AckRun>? runs))
        {
            _partitions.Add(partition, runs = []);
        }

        runs[run.First] = run;
    }

    /// <summary>Takes out what the application has said of the record at an offset; null where it has not.</summary>
    public AckRun? Take(SharedPartition partition, long offset)
    {
        if (!_partitions.TryGetValue(partition, out SortedDictionary<long, AckRun>? runs)
            || !runs.TryGetValue(offset, out AckRun run) || !run.IsSaid)
        {
            return null;
        }

        runs.Remove(offset);
        if (runs.Count == 0)
        {
            _partitions.Remove(partition);
        }

        return run;
    }

    /// <summary>Ascending, neighbours of one type together.</summary>
    public IReadOnlyList<AckRun> RunsOf(SharedPartition partition)
    {
        List<AckRun> merged = [];
        foreach (AckRun run in Runs(partition))
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Type == run.Type && last.Last + 1 == run.First)
            {
                merged[^1] = last with { Last = run.Last };
            }
            else
            {
                merged.Add(run);
            }
        }

        return merged;
    }

    /// <summary>The offsets of which the application has said something, ascending.</summary>
    public IReadOnlyList<long> OffsetsOf(SharedPartition partition) =>
        [.. Runs(partition).Where(run => run.IsSaid).Select(run => run.First)];

    /// <summary>Takes everything out.</summary>
    public Acknowledgements TakeAll()
    {
        Acknowledgements taken = new() { _partitions = _partitions };
        _partitions = [];
        return taken;
    }

    private IEnumerable<AckRun> Runs(SharedPartition partition) =>
        _partitions.TryGetValue(partition, out SortedDictionary<long, AckRun>? runs) ? runs.Values : [];
}
