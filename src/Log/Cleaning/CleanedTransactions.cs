using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Follows the transactions of a log while its batches are read in order: which batches were aborted, and
/// which markers nothing needs any more (KIP-98, KIP-534).</summary>
internal sealed class CleanedTransactions
{
    private readonly PriorityQueue<AbortedTransaction, long> _ahead = new();
    private readonly Dictionary<long, AbortedState> _aborted = [];
    private readonly HashSet<long> _committed = [];

    /// <summary>Told of the aborted transactions that must stay in the index of what is written.</summary>
    public Action<AbortedTransaction>? Kept { get; set; }

    /// <summary>Aborted transactions that may have batches in what is read next. One may be named twice.</summary>
    public void Add(IReadOnlyList<AbortedTransaction> transactions)
    {
        foreach (AbortedTransaction transaction in transactions)
        {
            _ahead.Enqueue(transaction, transaction.FirstOffset);
        }
    }

    /// <summary>Whether the records of a batch need not be kept: they were aborted, or it is a marker without any batch
    /// of its transaction before it.</summary>
    public bool IsDispensable(RecordBatchView batch) =>
        batch.IsControl ? IsMarkerDispensable(batch) : IsAborted(batch);

    private bool IsAborted(RecordBatchView batch)
    {
        StartUpTo(batch.LastOffset);
        if (!batch.IsTransactional)
        {
            return false;
        }

        if (_aborted.TryGetValue(batch.ProducerId, out AbortedState? state))
        {
            state.HasBatches = true;
            return true;
        }

        _committed.Add(batch.ProducerId);
        return false;
    }

    private bool IsMarkerDispensable(RecordBatchView batch)
    {
        StartUpTo(batch.LastOffset);
        using var records = new RecordReader(batch);
        if (!records.MoveNext())
        {
            // Its record went in an earlier cleaning.
            return true;
        }

        if (!ControlRecords.TryReadKey(records.Current.Key, out ControlRecordType type))
        {
            return false;
        }

        switch (type)
        {
            case ControlRecordType.Abort:
                if (_aborted.Remove(batch.ProducerId, out AbortedState? state) && state.HasBatches)
                {
                    Kept?.Invoke(state.Transaction);
                    return false;
                }

                return true;
            case ControlRecordType.Commit:
                return !_committed.Remove(batch.ProducerId);
            default:
                return false;
        }
    }

    private void StartUpTo(long offset)
    {
        while (_ahead.TryPeek(out AbortedTransaction next, out long first) && first <= offset)
        {
            _ahead.Dequeue();
            _aborted.TryAdd(next.ProducerId, new AbortedState(next));
        }
    }

    private sealed class AbortedState(AbortedTransaction transaction)
    {
        public AbortedTransaction Transaction => transaction;

        /// <summary>Batches of it were met.</summary>
        public bool HasBatches { get; set; }
    }
}
