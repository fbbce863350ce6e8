namespace KRaftSharp.History.Checks;

/// <summary>A history, looked up in the ways that the checks need.</summary>
internal sealed class Facts
{
    private readonly Dictionary<(PartitionId Partition, string Value), Sent> _sent = [];
    private readonly SortedDictionary<PartitionId, PartitionFacts> _partitions = [];

    public Facts(OperationHistory history)
    {
        History = history;
        foreach (Sent sent in history.Sent)
        {
            _sent[(sent.Partition, sent.Value)] = sent;
            Of(sent.Partition).Add(sent);
        }

        foreach (Reading reading in history.Readings)
        {
            Of(reading.Partition).Add(reading);
        }

        Visible = history.Sent
            .Where(sent => sent.Transaction is not null && Of(sent.Partition).WasReadCommitted(sent.Value))
            .Select(sent => sent.Transaction!).ToHashSet();
    }

    public OperationHistory History { get; }

    public IEnumerable<PartitionFacts> Partitions => _partitions.Values;

    /// <summary>Transactions of which a read_committed consumer was given something.</summary>
    public IReadOnlySet<SentTransaction> Visible { get; }

    public Sent? Find(PartitionId partition, string value) => _sent.GetValueOrDefault((partition, value));

    public PartitionFacts Of(PartitionId partition)
    {
        if (!_partitions.TryGetValue(partition, out PartitionFacts? facts))
        {
            facts = new PartitionFacts(partition, History.Compacted.Contains(partition.Topic));
            _partitions.Add(partition, facts);
        }

        return facts;
    }
}
