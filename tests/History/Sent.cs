namespace KRaftSharp.History;

/// <summary>One record that a producer tried to write. Its value is that of no other record of the history.</summary>
public sealed class Sent
{
    private readonly OperationHistory _history;

    internal Sent(OperationHistory history, string producer, PartitionId partition, string value)
    {
        _history = history;
        Producer = producer;
        Partition = partition;
        Value = value;
        At = history.Tick();
    }

    public string Producer { get; }

    public PartitionId Partition { get; }

    public string Value { get; }

    /// <summary>Null where there is none; tells what compaction may take away.</summary>
    public string? Key { get; init; }

    public Guarantees Promised { get; init; } = Guarantees.All;

    /// <summary>Null for a record outside of transactions.</summary>
    public SentTransaction? Transaction { get; init; }

    public Outcome Outcome { get; private set; }

    /// <summary>Where the acknowledgement says that it is; null where it does not say.</summary>
    public long? Offset { get; private set; }

    /// <summary>The moment of its first sending.</summary>
    internal long At { get; }

    public bool IsIdempotent => Promised.HasFlag(Guarantees.Idempotent);

    public bool IsDurable => Promised.HasFlag(Guarantees.Durable);

    /// <summary>The broker has taken it.</summary>
    /// <param name="offset">Null or negative where a repeated sending was only told that it is there.</param>
    public void Acknowledge(long? offset)
    {
        _history.Tick();
        Outcome = Outcome.Succeeded;
        Offset = offset >= 0 ? offset : null;
    }

    /// <summary>It was refused with an error that rules out that it was written, by this sending or an earlier one.
    /// </summary>
    public void Refuse()
    {
        _history.Tick();
        Outcome = Outcome.Failed;
    }

    public override string ToString()
    {
        string transaction = Transaction is null ? "" : $" in {Transaction}";
        return $"{Value} of {Producer} to {Partition}{transaction}";
    }
}
