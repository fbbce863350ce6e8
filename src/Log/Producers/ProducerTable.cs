using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Producers;

/// <summary>The idempotent and transactional producers of one log (KIP-98, KIP-360), on its owner's strand.</summary>
internal sealed class ProducerTable(long expirationMs)
{
    private readonly Dictionary<long, ProducerEntry> _entries = [];

    /// <summary>Open transactions by their first offset, and ended ones whose end is not yet below the high watermark.
    /// </summary>
    private readonly SortedDictionary<long, OpenTransaction> _transactions = [];

    /// <summary>The offset up to which batches have been taken in.</summary>
    public long EndOffset { get; private set; }

    public int Count => _entries.Count;

    public IReadOnlyCollection<ProducerEntry> Entries => _entries.Values;

    /// <summary>The first offset of the oldest transaction that is open, or ended beyond the high watermark.</summary>
    public long? FirstUnstableOffset
    {
        get
        {
            foreach (long firstOffset in _transactions.Keys)
            {
                return firstOffset;
            }

            return null;
        }
    }

    /// <summary>Judges a batch before it is appended.</summary>
    public ProducerVerdict Check(in ProducerHeader batch, AppendOrigin origin, long nowMs)
    {
        if (!batch.HasProducerId || !_entries.TryGetValue(batch.ProducerId, out ProducerEntry? entry)
            || IsExpired(entry, nowMs))
        {
            return ProducerVerdict.Accepted;
        }

        if (origin == AppendOrigin.Client
            && entry.Find(batch.Epoch, batch.BaseSequence, batch.LastSequence) is { } duplicate)
        {
            return new ProducerVerdict(ErrorCode.None, null, duplicate);
        }

        if (batch.Epoch < entry.Epoch)
        {
            return Refuse(ErrorCode.InvalidProducerEpoch,
                $"Epoch of producer {batch.ProducerId} is {batch.Epoch}, which is smaller than the last seen "
                + $"epoch {entry.Epoch}");
        }

        return origin == AppendOrigin.Client && !batch.IsControl
            ? CheckSequence(batch, entry)
            : ProducerVerdict.Accepted;
    }

    /// <summary>Takes in a batch that was, or is about to be, appended.</summary>
    /// <param name="whole">The whole batch, needed for control batches only.</param>
    public void Append(in ProducerHeader batch, ReadOnlySpan<byte> whole)
    {
        EndOffset = batch.LastOffset + 1;
        if (!batch.HasProducerId)
        {
            return;
        }

        if (!_entries.TryGetValue(batch.ProducerId, out ProducerEntry? entry))
        {
            entry = new ProducerEntry(batch.ProducerId);
            _entries.Add(batch.ProducerId, entry);
        }

        if (batch.IsControl)
        {
            EndTransaction(batch, whole, entry);
            return;
        }

        entry.SetEpoch(batch.Epoch);
        entry.Add(new ProducerBatch(
            batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestampMs));
        if (batch.IsTransactional && entry.CurrentTxnFirstOffset < 0)
        {
            entry.CurrentTxnFirstOffset = batch.BaseOffset;
            _transactions[batch.BaseOffset] = new OpenTransaction(batch.ProducerId, batch.BaseOffset, null);
        }
    }

    /// <summary>Forgets ended transactions whose end the high watermark has passed.</summary>
    public void OnHighWatermark(long highWatermark)
    {
        while (_transactions.Count > 0)
        {
            OpenTransaction oldest = _transactions.First().Value;
            if (oldest.LastOffset is not { } last || last >= highWatermark)
            {
                return;
            }

            _transactions.Remove(oldest.FirstOffset);
        }
    }

    public void RemoveExpired(long nowMs)
    {
        foreach (ProducerEntry entry in _entries.Values.ToList())
        {
            if (IsExpired(entry, nowMs))
            {
                _entries.Remove(entry.ProducerId);
            }
        }
    }

    /// <summary>Notes that there is nothing of a producer up to an offset.</summary>
    public void AdvanceEndOffset(long offset) => EndOffset = Math.Max(EndOffset, offset);

    /// <summary>Whether a batch at or beyond an offset changed anything that is known.</summary>
    public bool WasUpdatedSince(long offset)
    {
        foreach (ProducerEntry entry in _entries.Values)
        {
            if (entry.LastUpdateOffset >= offset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Batches of no producer known here were cut off.</summary>
    public void MoveEndBack(long offset) => EndOffset = Math.Min(EndOffset, offset);

    public void Reset(long endOffset)
    {
        _entries.Clear();
        _transactions.Clear();
        EndOffset = endOffset;
    }

    /// <summary>Takes over what a snapshot holds, without what has expired since.</summary>
    public void Load(IReadOnlyList<ProducerEntry> entries, long endOffset, long nowMs)
    {
        Reset(endOffset);
        foreach (ProducerEntry entry in entries)
        {
            if (IsExpired(entry, nowMs))
            {
                continue;
            }

            _entries[entry.ProducerId] = entry;
            if (entry.CurrentTxnFirstOffset >= 0)
            {
                _transactions[entry.CurrentTxnFirstOffset] =
                    new OpenTransaction(entry.ProducerId, entry.CurrentTxnFirstOffset, null);
            }
        }
    }

    private static ProducerVerdict CheckSequence(in ProducerHeader batch, ProducerEntry entry)
    {
        int next = batch.BaseSequence;
        if (batch.Epoch != entry.Epoch)
        {
            return next == 0 ? ProducerVerdict.Accepted : Refuse(ErrorCode.OutOfOrderSequenceNumber,
                $"Invalid sequence number for new epoch of producer {batch.ProducerId}: {batch.Epoch} "
                + $"(request epoch), {next} (seq. number), {entry.Epoch} (current producer epoch)");
        }

        int last = entry.LastSequence;
        bool isNext = last == int.MaxValue ? next == 0 : next == last + 1;
        return isNext ? ProducerVerdict.Accepted : Refuse(ErrorCode.OutOfOrderSequenceNumber,
            $"Out of order sequence number for producer {batch.ProducerId}: {next} (incoming seq. number), {last} "
            + "(current end sequence number)");
    }

    private static ProducerVerdict Refuse(ErrorCode error, string message) =>
        new(error, message, null);

    private bool IsExpired(ProducerEntry entry, long nowMs) =>
        entry.CurrentTxnFirstOffset < 0 && nowMs - entry.LastTimestampMs >= expirationMs;

    private void EndTransaction(in ProducerHeader batch, ReadOnlySpan<byte> whole, ProducerEntry entry)
    {
        if (!RecordBatchView.TryParse(whole, out RecordBatchView view))
        {
            return;
        }

        using var records = new RecordReader(view);
        if (!records.MoveNext() || !ControlRecords.TryReadKey(records.Current.Key, out ControlRecordType type)
            || type is not (ControlRecordType.Abort or ControlRecordType.Commit)
            || !ControlRecords.TryReadEndTxnMarker(records.Current.Value, out int coordinatorEpoch))
        {
            return;
        }

        entry.SetEpoch(batch.Epoch);
        entry.CoordinatorEpoch = coordinatorEpoch;
        entry.LastUpdateOffset = batch.LastOffset;
        entry.LastTimestampMs = batch.MaxTimestampMs;
        if (entry.CurrentTxnFirstOffset >= 0)
        {
            long first = entry.CurrentTxnFirstOffset;
            _transactions[first] = new OpenTransaction(entry.ProducerId, first, batch.LastOffset);
            entry.CurrentTxnFirstOffset = -1;
        }
    }

    /// <summary>A transaction, with the offset of its marker once that was appended.</summary>
    private sealed record OpenTransaction(long ProducerId, long FirstOffset, long? LastOffset);
}
