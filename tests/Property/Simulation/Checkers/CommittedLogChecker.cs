namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>
/// What is below the high watermark is the same on every node and is never rewritten: keeps, for each log, the batches
/// that any node has shown below its high watermark, and compares all others with them. Serves the metadata log and
/// the partitions alike.
/// </summary>
internal sealed class CommittedLogChecker(string property, Violations violations)
{
    private readonly Dictionary<string, SortedList<long, CommittedBatch>> _committed = [];

    /// <summary>Looks at batches of <paramref name="log"/> on a node that are below its high watermark.</summary>
    public void Check(string log, int nodeId, IEnumerable<CommittedBatch> batches)
    {
        if (!_committed.TryGetValue(log, out SortedList<long, CommittedBatch>? known))
        {
            _committed.Add(log, known = []);
        }

        foreach (CommittedBatch batch in batches)
        {
            if (known.TryAdd(batch.BaseOffset, batch))
            {
                CheckNeighbours(log, nodeId, known, batch);
            }
            else if (known[batch.BaseOffset] is { } other && other != batch)
            {
                violations.Add(property, $"{log}: node {nodeId} has {batch}, committed is {other}");
            }
        }
    }

    /// <summary>Whether exactly this batch is known to be committed.</summary>
    public bool IsCommitted(string log, CommittedBatch batch) =>
        _committed.TryGetValue(log, out SortedList<long, CommittedBatch>? known)
        && known.TryGetValue(batch.BaseOffset, out CommittedBatch? other) && other == batch;

    /// <summary>Where what is known to be committed ends.</summary>
    public long EndOf(string log) =>
        _committed.TryGetValue(log, out SortedList<long, CommittedBatch>? known) && known.Count > 0
            ? known.Values[^1].LastOffset + 1
            : 0;

    private void CheckNeighbours(
        string log, int nodeId, SortedList<long, CommittedBatch> known, CommittedBatch batch)
    {
        int index = known.IndexOfKey(batch.BaseOffset);
        CommittedBatch? before = index > 0 ? known.Values[index - 1] : null;
        CommittedBatch? after = index + 1 < known.Count ? known.Values[index + 1] : null;
        bool fits = (before is null || before.LastOffset < batch.BaseOffset)
            && (after is null || after.BaseOffset > batch.LastOffset)
            && (before is null || before.Epoch <= batch.Epoch)
            && (after is null || after.Epoch >= batch.Epoch);
        violations.Require(fits, property, () => $"{log}: node {nodeId} has {batch} between {before} and {after}");
    }
}
