namespace KRaftSharp.History;

/// <summary>A commit of a group's offset.</summary>
public sealed class OffsetCommit
{
    private readonly OperationHistory _history;

    internal OffsetCommit(OperationHistory history, string group, PartitionId partition, long offset)
    {
        _history = history;
        Group = group;
        Partition = partition;
        Offset = offset;
        At = history.Tick();
    }

    public string Group { get; }

    public PartitionId Partition { get; }

    public long Offset { get; }

    /// <summary>An explicit reset: what was committed before does not bind any more.</summary>
    public bool IsReset { get; init; }

    public Outcome Outcome { get; private set; }

    internal long At { get; }

    internal long AcknowledgedAt { get; private set; } = long.MaxValue;

    public void Acknowledge()
    {
        AcknowledgedAt = _history.Tick();
        Outcome = Outcome.Succeeded;
    }

    public void Refuse()
    {
        _history.Tick();
        Outcome = Outcome.Failed;
    }

    public override string ToString() => $"{Group} commits {Offset} of {Partition}";
}
