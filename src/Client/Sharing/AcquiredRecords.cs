using KRaftSharp.Client.Consumer;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Sharing;

/// <summary>What an answer gives this member of one partition: the records, and what is to be said of acquired offsets
/// that have none.</summary>
internal sealed class AcquiredRecords
{
    private readonly List<(long First, long Last, short Deliveries)> _ranges = [];
    private readonly List<(long First, long Last)> _corrupt = [];
    private readonly List<ConsumerRecord> _records = [];
    private readonly List<AckRun> _withoutRecord = [];
    private long _readEnd;

    /// <param name="partition">Of the records.</param>
    /// <param name="part">Borrowed for the call.</param>
    /// <param name="checkCrcs">Whether checksums are compared.</param>
    public AcquiredRecords(TopicPartition partition, ShareFetchResponse.PartitionData part, bool checkCrcs)
    {
        foreach (ShareFetchResponse.AcquiredRecords range in part.AcquiredRecords.OrderBy(range => range.FirstOffset))
        {
            long first = Math.Max(range.FirstOffset, _ranges.Count == 0 ? 0 : _ranges[^1].Last + 1);
            if (first <= range.LastOffset && range.LastOffset < long.MaxValue)
            {
                _ranges.Add((first, range.LastOffset, range.DeliveryCount));
            }
        }

        if (part.Records is { IsEmpty: false } bytes && _ranges.Count > 0)
        {
            Read(partition, bytes.Span, checkCrcs);
        }

        FindWhatIsMissing();
    }

    /// <summary>In order.</summary>
    public IReadOnlyList<ConsumerRecord> Records => _records;

    /// <summary>Gaps; what cannot be read is rejected, and what was not sent along released.</summary>
    public IReadOnlyList<AckRun> WithoutRecord => _withoutRecord;

    /// <summary>The first acquired offset that cannot be read; null when all can.</summary>
    public long? CorruptAt => _withoutRecord.Find(run => run.Type == (sbyte)AcknowledgeType.Reject) is
    { Type: not AckRun.Gap } run
        ? run.First
        : null;

    private void Read(TopicPartition partition, ReadOnlySpan<byte> bytes, bool checkCrcs)
    {
        int at = 0;
        RecordBatchEnumerator batches = new(bytes);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            if (batch.BaseOffset < _readEnd)
            {
                break; // out of order: nothing after it can be trusted
            }

            _readEnd = batch.NextOffset;
            if (!batch.IsControl && !TryReadBatch(partition, batch, checkCrcs, ref at))
            {
                _corrupt.Add((batch.BaseOffset, batch.NextOffset - 1));
            }
        }
    }

    private bool TryReadBatch(TopicPartition partition, RecordBatchView batch, bool checkCrcs, ref int at)
    {
        if (checkCrcs && !batch.IsCrcValid())
        {
            return false;
        }

        using RecordReader records = new(batch);
        while (records.MoveNext())
        {
            long offset = records.Current.Offset;
            while (at < _ranges.Count && _ranges[at].Last < offset)
            {
                at++;
            }

            if (at == _ranges.Count)
            {
                return true;
            }

            bool isInOrder = _records.Count == 0 || _records[^1].Offset < offset;
            if (offset >= _ranges[at].First && isInOrder)
            {
                _records.Add(new ConsumerRecord(
                    partition, records.Current, batch.PartitionLeaderEpoch, _ranges[at].Deliveries));
            }
        }

        return records.Fault == RecordFault.None;
    }

    private void FindWhatIsMissing()
    {
        int at = 0;
        foreach ((long first, long last, _) in _ranges)
        {
            long next = first;
            while (at < _records.Count && _records[at].Offset <= last)
            {
                Explain(next, _records[at].Offset - 1);
                next = _records[at++].Offset + 1;
            }

            Explain(next, last);
        }
    }

    private void Explain(long first, long last)
    {
        foreach ((long from, long to) in _corrupt.Where(bad => bad.First <= last && bad.Last >= first))
        {
            Say(first, from - 1, AckRun.Gap);
            Say(Math.Max(first, from), Math.Min(last, to), (sbyte)AcknowledgeType.Reject);
            first = Math.Max(first, to + 1);
        }

        Say(first, Math.Min(last, _readEnd - 1), AckRun.Gap);
        Say(Math.Max(first, _readEnd), last, (sbyte)AcknowledgeType.Release);
    }

    private void Say(long first, long last, sbyte type)
    {
        if (first <= last)
        {
            _withoutRecord.Add(new AckRun(first, last, type));
        }
    }
}
