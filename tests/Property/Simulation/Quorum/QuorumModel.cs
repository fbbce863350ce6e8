using KRaftSharp.Tests.Property.Simulation.Checkers;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>
/// What all nodes together have been told is committed: the names that the workload appended, by offset. Every node's
/// story must be a prefix of it, also one that begins with a snapshot.
/// </summary>
internal sealed class QuorumModel(Violations violations)
{
    public const string Property = "what is committed is the same on every node and never rewritten";
    private readonly SortedDictionary<long, (long LastOffset, int Epoch, string Names)> _batches = [];

    private readonly SortedDictionary<int, long> _endOfEpoch = [];

    /// <summary>Names in the order of their commit, each with the offset after its batch.</summary>
    private readonly List<(long EndOffset, string Name)> _names = [];

    public long EndOffset { get; private set; }

    public int NameCount => _names.Count;

    /// <summary>Where that ends which was committed in epochs before this one.</summary>
    public long EndOffsetBefore(int epoch)
    {
        long end = 0;
        foreach ((int committedIn, long endOffset) in _endOfEpoch)
        {
            if (committedIn < epoch)
            {
                end = Math.Max(end, endOffset);
            }
        }

        return end;
    }

    public void Check(int nodeId, long baseOffset, long lastOffset, int epoch, IReadOnlyList<string> names)
    {
        string joined = string.Join(',', names);
        if (_batches.TryGetValue(baseOffset, out var known))
        {
            violations.Require(known == (lastOffset, epoch, joined), Property, () =>
                $"node {nodeId} has {baseOffset}..{lastOffset} of epoch {epoch} [{joined}], committed is {known}");
            return;
        }

        violations.Require(baseOffset == EndOffset, Property, () =>
            $"node {nodeId} commits {baseOffset}..{lastOffset} of epoch {epoch}, committed ends at {EndOffset}");
        _batches.Add(baseOffset, (lastOffset, epoch, joined));
        EndOffset = lastOffset + 1;
        _endOfEpoch[epoch] = EndOffset;
        _names.AddRange(names.Select(name => (EndOffset, name)));
    }

    /// <summary>A snapshot must hold exactly the names committed before its end.</summary>
    public void CheckSnapshot(int nodeId, long endOffset, IReadOnlyList<string> names)
    {
        violations.Require(endOffset <= EndOffset, Property, () =>
            $"node {nodeId} loads a snapshot up to {endOffset}, committed ends at {EndOffset}");
        var expected = _names.TakeWhile(entry => entry.EndOffset <= endOffset).Select(entry => entry.Name);
        violations.Require(
            names.SequenceEqual(expected),
            "replaying log, or snapshot plus tail, gives the same",
            () => $"node {nodeId}'s snapshot up to {endOffset} holds {names.Count} names");
    }
}
