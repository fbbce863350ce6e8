using KRaftSharp.Log.Assertions;
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

    /// <summary>The last batch, of data or control, that may have changed what is known. A snapshot does not tell, so
    /// it may have been the last one before it.</summary>
    private long _lastUpdateOffset = -1;

    /// <summary>The offset up to which batches have been taken in.</summary>
    public long EndOffset { get; private set; }

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

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

    /// <summary>Produce requests being checked with the transaction coordinator.</summary>
    public PendingVerifications Verifications { get; } = new();

    /// <summary>Whether this producer has a transaction open here, in this epoch.</summary>
    public bool HasOpenTransaction(long producerId, short epoch) =>
        _entries.TryGetValue(producerId, out ProducerEntry? entry) && entry.CurrentTxnFirstOffset >= 0
        && entry.Epoch == epoch;

    /// <summary>Judges a batch before it is appended.</summary>
    /// <param name="whole">The whole batch, needed for control batches only.</param>
    public ProducerVerdict Check(
        in ProducerHeader batch, ReadOnlySpan<byte> whole, in LeaderAppend append, long nowMs)
    {
        if (!batch.HasProducerId || Planted.HasFlag(PlantedFaults.DuplicateSequence))
        {
            return ProducerVerdict.Accepted;
        }

        _entries.TryGetValue(batch.ProducerId, out ProducerEntry? entry);
        if (entry is not null && IsExpired(entry, nowMs))
        {
            entry = null;
        }

        if (batch.IsControl)
        {
            return entry is null ? ProducerVerdict.Accepted : CheckMarker(batch, whole, entry, append);
        }

        if (append.Origin == AppendOrigin.Client
            && entry?.Find(batch.Epoch, batch.BaseSequence, batch.LastSequence) is { } duplicate)
        {
            return new ProducerVerdict(ErrorCode.None, null, duplicate);
        }

        if (batch.IsTransactional && append.IsVerificationRequired
            && !HasOpenTransaction(batch.ProducerId, batch.Epoch)
            && !Verifications.IsCurrent(batch.ProducerId, append.Verification))
        {
            return Refuse(ErrorCode.InvalidTxnState, "Record was not part of an ongoing transaction");
        }

        return entry is null
            ? CheckUnknown(batch, append)
            : CheckData(batch, append.Origin, entry);
    }

    private ProducerVerdict CheckUnknown(in ProducerHeader batch, in LeaderAppend append) =>
        append.Origin == AppendOrigin.Client && batch.BaseSequence != 0
            && Verifications.BumpsEpochs(batch.ProducerId)
            ? Refuse(ErrorCode.OutOfOrderSequenceNumber,
                $"Invalid sequence number for producer {batch.ProducerId}: {batch.BaseSequence} "
                + "(incoming seq. number). Expected sequence 0 for transactions v2 idempotent producer with no "
                + "existing state.")
            : ProducerVerdict.Accepted;

    private ProducerVerdict CheckData(in ProducerHeader batch, AppendOrigin origin, ProducerEntry entry)
    {
        if (batch.Epoch < entry.Epoch)
        {
            return Refuse(ErrorCode.InvalidProducerEpoch,
                $"Epoch of producer {batch.ProducerId} is {batch.Epoch}, which is smaller than the last seen "
                + $"epoch {entry.Epoch}");
        }

        if (entry.CurrentTxnFirstOffset >= 0 && !batch.IsTransactional)
        {
            return Refuse(ErrorCode.InvalidTxnState, $"Expected transactional write from producer {batch.ProducerId}");
        }

        if (origin != AppendOrigin.Client)
        {
            return ProducerVerdict.Accepted;
        }

        return Verifications.IsBehind(batch.ProducerId, batch.Epoch, batch.BaseSequence)
            ? Refuse(ErrorCode.OutOfOrderSequenceNumber,
                $"Out of order sequence number for producer {batch.ProducerId}: {batch.BaseSequence} (incoming seq. "
                + "number), an earlier sequence is still being verified")
            : CheckSequence(batch, entry);
    }

    /// <summary>Takes in a batch that was, or is about to be, appended.</summary>
    /// <param name="whole">The whole batch, needed for control batches only.</param>
    /// <param name="bumpsEpoch">It is a marker whose epoch is that of the producer's next transaction.</param>
    /// <returns>The transaction that it ends, if any.</returns>
    public EndedTransaction? Append(in ProducerHeader batch, ReadOnlySpan<byte> whole, bool bumpsEpoch = false)
    {
        EndOffset = batch.LastOffset + 1;
        if (!batch.HasProducerId)
        {
            return null;
        }

        _lastUpdateOffset = batch.LastOffset;
        if (!_entries.TryGetValue(batch.ProducerId, out ProducerEntry? entry))
        {
            entry = new ProducerEntry(batch.ProducerId);
            _entries.Add(batch.ProducerId, entry);
        }

        if (batch.IsControl)
        {
            return EndTransaction(batch, whole, entry, bumpsEpoch);
        }

        entry.SetEpoch(batch.Epoch);
        entry.Add(new ProducerBatch(
            batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestampMs));
        if (batch.IsTransactional && entry.CurrentTxnFirstOffset < 0)
        {
            entry.CurrentTxnFirstOffset = batch.BaseOffset;
            _transactions[batch.BaseOffset] = new OpenTransaction(batch.ProducerId, batch.BaseOffset, null);
        }

        if (batch.IsTransactional)
        {
            Verifications.Remove(batch.ProducerId);
        }

        return null;
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

        Verifications.RemoveExpired(nowMs, expirationMs);
    }

    /// <summary>Notes that there is nothing of a producer up to an offset.</summary>
    public void AdvanceEndOffset(long offset) => EndOffset = Math.Max(EndOffset, offset);

    /// <summary>Whether a batch at or beyond an offset may have changed what is known, or was known: a producer that
    /// expired may have an open transaction again when its marker goes.</summary>
    public bool WasUpdatedSince(long offset) => _lastUpdateOffset >= offset;

    /// <summary>Batches of no producer known here were cut off.</summary>
    public void MoveEndBack(long offset) => EndOffset = Math.Min(EndOffset, offset);

    /// <summary>The transactions that have ended, but beyond the high watermark: no snapshot holds them.</summary>
    public IReadOnlyList<EndedTransaction> Unreplicated() =>
    [
        .. from transaction in _transactions.Values
           where transaction.LastOffset is not null
           select new EndedTransaction(
               transaction.ProducerId, transaction.FirstOffset, transaction.LastOffset!.Value, -1, false),
    ];

    /// <summary>Remembers transactions that ended before the log's end of now.</summary>
    public void Remember(IReadOnlyList<EndedTransaction> ended)
    {
        foreach (EndedTransaction transaction in ended)
        {
            if (transaction.LastOffset < EndOffset)
            {
                _transactions.TryAdd(
                    transaction.FirstOffset,
                    new OpenTransaction(transaction.ProducerId, transaction.FirstOffset, transaction.LastOffset));
            }
        }
    }

    public void Reset(long endOffset)
    {
        _entries.Clear();
        _transactions.Clear();
        _lastUpdateOffset = -1;
        EndOffset = endOffset;
    }

    /// <summary>Takes over what a snapshot holds, without what has expired since.</summary>
    public void Load(IReadOnlyList<ProducerEntry> entries, long endOffset, long nowMs)
    {
        Reset(endOffset);
        _lastUpdateOffset = endOffset - 1;
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

    /// <summary>A zombie coordinator's marker is refused, and one of an epoch that has passed (KIP-98, KIP-890).
    /// </summary>
    private static ProducerVerdict CheckMarker(
        in ProducerHeader batch, ReadOnlySpan<byte> whole, ProducerEntry entry, in LeaderAppend append)
    {
        // With an epoch a transaction the marker's is always a new one; only a repeated marker finds its own.
        bool isPast = append.BumpsEpoch && batch.Epoch == entry.Epoch
            ? entry.CurrentTxnFirstOffset >= 0
            : batch.Epoch < entry.Epoch;
        if (isPast)
        {
            return Refuse(ErrorCode.InvalidProducerEpoch,
                $"Epoch of producer {batch.ProducerId} is {batch.Epoch}, which is smaller than the last seen "
                + $"epoch {entry.Epoch}");
        }

        return TryReadMarker(whole, out _, out int coordinatorEpoch) && entry.CoordinatorEpoch > coordinatorEpoch
            ? Refuse(ErrorCode.TransactionCoordinatorFenced,
                $"Invalid coordinator epoch for producer {batch.ProducerId}: {coordinatorEpoch} (zombie), "
                + $"{entry.CoordinatorEpoch} (current)")
            : ProducerVerdict.Accepted;
    }

    private static bool TryReadMarker(ReadOnlySpan<byte> whole, out bool isAbort, out int coordinatorEpoch)
    {
        isAbort = false;
        coordinatorEpoch = -1;
        if (!RecordBatchView.TryParse(whole, out RecordBatchView view))
        {
            return false;
        }

        using var records = new RecordReader(view);
        if (!records.MoveNext() || !ControlRecords.TryReadKey(records.Current.Key, out ControlRecordType type)
            || type is not (ControlRecordType.Abort or ControlRecordType.Commit)
            || !ControlRecords.TryReadEndTxnMarker(records.Current.Value, out coordinatorEpoch))
        {
            return false;
        }

        isAbort = type == ControlRecordType.Abort;
        return true;
    }

    private EndedTransaction? EndTransaction(
        in ProducerHeader batch, ReadOnlySpan<byte> whole, ProducerEntry entry, bool bumpsEpoch)
    {
        if (!TryReadMarker(whole, out bool isAbort, out int coordinatorEpoch))
        {
            return null;
        }

        // The next transaction, in the epoch that this marker bears, may have begun before the marker came.
        Verifications.Remove(batch.ProducerId, bumpsEpoch ? (short)(batch.Epoch - 1) : short.MaxValue);
        entry.SetEpoch(batch.Epoch);
        entry.CoordinatorEpoch = coordinatorEpoch;
        entry.LastTimestampMs = batch.MaxTimestampMs;
        if (entry.CurrentTxnFirstOffset < 0)
        {
            return null;
        }

        long first = entry.CurrentTxnFirstOffset;
        _transactions[first] = new OpenTransaction(entry.ProducerId, first, batch.LastOffset);
        entry.CurrentTxnFirstOffset = -1;
        return new EndedTransaction(
            entry.ProducerId, first, batch.LastOffset, FirstOpenOffset() ?? batch.LastOffset + 1, isAbort);
    }

    private long? FirstOpenOffset()
    {
        foreach (OpenTransaction transaction in _transactions.Values)
        {
            if (transaction.LastOffset is null)
            {
                return transaction.FirstOffset;
            }
        }

        return null;
    }

    /// <summary>A transaction, with the offset of its marker once that was appended.</summary>
    private sealed record OpenTransaction(long ProducerId, long FirstOffset, long? LastOffset);
}
