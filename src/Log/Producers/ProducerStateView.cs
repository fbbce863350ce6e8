namespace KRaftSharp.Log.Producers;

/// <summary>The producers of a log, to look at. On the owner's strand only.</summary>
public readonly struct ProducerStateView
{
    private readonly ProducerTable? _table;

    internal ProducerStateView(ProducerTable table) => _table = table;

    public int Count => _table?.Count ?? 0;

    /// <summary>In order of their ids.</summary>
    public IReadOnlyList<ProducerView> Active => _table is null ? [] :
    [
        .. _table.Entries.OrderBy(static entry => entry.ProducerId).Select(static entry => new ProducerView(
            entry.ProducerId, entry.Epoch, entry.LastSequence, entry.LastTimestampMs, entry.CoordinatorEpoch,
            entry.CurrentTxnFirstOffset)),
    ];
}
