namespace KRaftSharp.History;

/// <summary>One transaction as its client sees it, from its first record to its end.</summary>
public sealed class SentTransaction
{
    private readonly OperationHistory _history;
    private readonly List<Consumed> _consumed = [];

    internal SentTransaction(OperationHistory history, string producer, string id)
    {
        _history = history;
        Producer = producer;
        Id = id;
    }

    public string Producer { get; }

    public string Id { get; }

    public Outcome Outcome { get; private set; }

    /// <summary>What the transaction says to have consumed; counts if and only if its records do.</summary>
    public IReadOnlyList<Consumed> Consumed => _consumed;

    /// <summary>Somebody has asked to commit it, so that it may have been.</summary>
    public bool IsCommitAsked => CommitAskedAt < long.MaxValue;

    internal long CommitAskedAt { get; private set; } = long.MaxValue;

    internal long CommittedAt { get; private set; } = long.MaxValue;

    public void Consume(Consumed consumed)
    {
        _history.Tick();
        _consumed.Add(consumed);
    }

    /// <summary>Called before the first request to commit leaves.</summary>
    public void AskCommit() => CommitAskedAt = Math.Min(CommitAskedAt, _history.Tick());

    /// <summary>The commit was acknowledged.</summary>
    public void Commit()
    {
        AskCommit();
        CommittedAt = _history.Tick();
        Outcome = Outcome.Succeeded;
    }

    /// <summary>It was aborted, or a commit was refused with an error that rules out that it took place.</summary>
    public void Abort()
    {
        _history.Tick();
        Outcome = Outcome.Failed;
    }

    public override string ToString() => $"transaction {Id} of {Producer}";
}
