using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Cleaning;

/// <summary>Decides what stays of a batch, and writes it anew where something goes. One thread at a time.</summary>
/// <remarks>
/// As Kafka's cleaner: a record stays if it has a key and no later one of its key is known, unless it is a tombstone
/// whose time has come; a batch whose tombstones or marker may go some day gets its delete horizon with the first
/// cleaning (KIP-534); an empty batch stays for the sake of a producer's sequence, or as the last of a round.
/// </remarks>
internal sealed class BatchFilter(CleaningRound round) : IDisposable
{
    private readonly RecordBatchBuilder _builder = new();
    private bool[] _stays = new bool[64];

    /// <summary>What is written in place of a batch; empty when nothing is. Valid until the next call.</summary>
    /// <exception cref="UncleanableLogException">The records are malformed.</exception>
    public ReadOnlySpan<byte> Filter(RecordBatchView batch)
    {
        bool isDispensable = round.Transactions.IsDispensable(batch);
        bool isMarkerOfNothing = isDispensable && batch.IsControl;
        bool discards = isDispensable && (!batch.IsControl || HasPassed(batch.DeleteHorizonMs));
        bool staysEmpty = IsLastOfProducer(batch) || batch.NextOffset == round.EndOffset;
        if (discards)
        {
            return staysEmpty ? WithoutRecords(batch) : default;
        }

        int kept = Mark(batch, out int count, out bool hasTombstones);
        if (kept == 0)
        {
            return staysEmpty ? WithoutRecords(batch) : default;
        }

        bool needsHorizon = (hasTombstones || isMarkerOfNothing) && !batch.HasDeleteHorizon;
        return kept == count && !needsHorizon
            ? batch.Bytes
            : WithKept(batch, needsHorizon ? round.NowMs + round.DeleteRetentionMs : batch.DeleteHorizonMs);
    }

    public void Dispose() => _builder.Dispose();

    private bool HasPassed(long? horizonMs) => horizonMs is { } horizon && horizon <= round.NowMs;

    private bool IsLastOfProducer(RecordBatchView batch) =>
        batch.HasProducerId && round.Producers.TryGetValue(batch.ProducerId, out LastRecord last)
        && last.DataOffset switch
        {
            LastRecord.Any => !batch.IsControl,
            LastRecord.OnlyMarkers => batch.IsControl && last.Epoch == batch.ProducerEpoch,
            long offset => offset == batch.LastOffset,
        };

    /// <summary>Notes which records stay; returns how many.</summary>
    private int Mark(RecordBatchView batch, out int count, out bool hasTombstones)
    {
        int kept = 0;
        count = 0;
        hasTombstones = false;
        bool keepsTombstones = !batch.HasDeleteHorizon || !HasPassed(batch.DeleteHorizonMs);
        using var records = new RecordReader(batch);
        while (records.MoveNext())
        {
            if (count == _stays.Length)
            {
                Array.Resize(ref _stays, 2 * count);
            }

            bool stays = batch.IsControl || Stays(records.Current, keepsTombstones);
            _stays[count++] = stays;
            if (stays)
            {
                kept++;
                hasTombstones |= !records.Current.HasValue;
            }
        }

        UncleanableLogException.ThrowIf(records.Fault, batch.BaseOffset);
        return kept;
    }

    private bool Stays(in RecordView record, bool keepsTombstones) =>
        record.Offset > round.Map.LatestOffset
        || (record.HasKey && record.Offset >= round.Map.Get(record.Key) && (record.HasValue || keepsTombstones));

    private ReadOnlySpan<byte> WithoutRecords(RecordBatchView batch)
    {
        _builder.Reset(OptionsOf(batch) with
        {
            Compression = Protocol.Compression.CompressionCodec.None,
            MaxTimestampMs = batch.MaxTimestamp,
        });
        return _builder.Build().Span;
    }

    private ReadOnlySpan<byte> WithKept(RecordBatchView batch, long? horizonMs)
    {
        _builder.Reset(OptionsOf(batch) with { DeleteHorizonMs = horizonMs });
        using var records = new RecordReader(batch);
        for (int i = 0; records.MoveNext(); i++)
        {
            if (_stays[i])
            {
                _builder.AppendAt(records.Current.Offset, records.Current);
            }
        }

        return _builder.Build().Span;
    }

    /// <summary>The header's fields, first and last offset among them, whatever records are left.</summary>
    private static RecordBatchOptions OptionsOf(RecordBatchView batch) => new()
    {
        BaseOffset = batch.BaseOffset,
        LastOffset = batch.LastOffset,
        PartitionLeaderEpoch = batch.PartitionLeaderEpoch,
        Compression = batch.Compression,
        TimestampType = batch.TimestampType,
        LogAppendTimeMs = batch.MaxTimestamp,
        ProducerId = batch.ProducerId,
        ProducerEpoch = batch.ProducerEpoch,
        BaseSequence = batch.BaseSequence,
        IsTransactional = batch.IsTransactional,
        IsControl = batch.IsControl,
    };
}
