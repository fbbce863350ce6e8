using System.Text;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>One partition: a list of values, and Kafka's rules about producers' sequences.</summary>
internal sealed class ModelPartition
{
    private const int BatchesRemembered = 5;

    private readonly Dictionary<long, Producer> _producers = [];
    private readonly Dictionary<long, List<string>> _open = [];

    public int Leader { get; set; }

    public int Epoch { get; set; }

    public long StartOffset { get; set; }

    public List<string> Values { get; } = [];

    /// <summary>Values of transactions that were committed, in the order of their writing.</summary>
    public List<string> Committed { get; } = [];

    public long EndOffset => Values.Count;

    /// <summary>Where the terms of earlier leaders ended.</summary>
    public Dictionary<int, long> EpochEnds { get; } = [];

    /// <summary>Forgets its producers, as a broker does that lost its state.</summary>
    public void ForgetProducers() => _producers.Clear();

    /// <summary>A marker: what the producer wrote since the last one counts or not.</summary>
    public void EndTransaction(long producerId, bool commit, short? nextEpoch)
    {
        if (_open.Remove(producerId, out List<string>? values) && commit)
        {
            Committed.AddRange(values);
        }

        if (nextEpoch is { } epoch)
        {
            _producers[producerId] = new Producer(epoch);
        }
    }

    public (ErrorCode Error, long BaseOffset) Append(ReadOnlySpan<byte> bytes)
    {
        RecordBatchEnumerator batches = new(bytes);
        if (!batches.MoveNext() || !batches.Current.IsCrcValid())
        {
            return (ErrorCode.CorruptMessage, -1);
        }

        RecordBatchView batch = batches.Current;
        long baseOffset = Values.Count;
        if (batch.HasProducerId)
        {
            int sequence = batch.BaseSequence;
            Producer? known = _producers.GetValueOrDefault(batch.ProducerId);
            if (known is null || batch.ProducerEpoch > known.Epoch)
            {
                if (batch.BaseSequence != 0)
                {
                    return (known is null ? ErrorCode.UnknownProducerId : ErrorCode.OutOfOrderSequenceNumber, -1);
                }

                _producers[batch.ProducerId] = known = new Producer(batch.ProducerEpoch);
            }
            else if (batch.ProducerEpoch < known.Epoch)
            {
                return (ErrorCode.InvalidProducerEpoch, -1);
            }
            else if (known.Batches.FirstOrDefault(seen => seen.Sequence == sequence) is { } seen)
            {
                return (ErrorCode.None, seen.Offset);
            }
            else if (batch.BaseSequence != known.NextSequence)
            {
                return (ErrorCode.OutOfOrderSequenceNumber, -1);
            }

            known.NextSequence = batch.BaseSequence + batch.RecordCount;
            known.Batches.Enqueue(new Batch(batch.BaseSequence, baseOffset));
            if (known.Batches.Count > BatchesRemembered)
            {
                known.Batches.Dequeue();
            }
        }

        using RecordReader records = new(batch);
        while (records.MoveNext())
        {
            string value = Encoding.UTF8.GetString(records.Current.Value);
            Values.Add(value);
            if (batch.IsTransactional)
            {
                _open.TryAdd(batch.ProducerId, []);
                _open[batch.ProducerId].Add(value);
            }
        }

        return (ErrorCode.None, baseOffset);
    }

    /// <summary>At most three records an answer, so that reading takes several.</summary>
    public FetchResponse.PartitionData Read(int brokerId, FetchRequest.FetchPartition wanted)
    {
        const int mostRecords = 3;
        FetchResponse.PartitionData answer = new() { PartitionIndex = wanted.Partition, HighWatermark = EndOffset };
        if (brokerId != Leader)
        {
            answer.ErrorCode = ErrorCode.NotLeaderOrFollower;
        }
        else if (wanted.CurrentLeaderEpoch < Epoch)
        {
            answer.ErrorCode = ErrorCode.FencedLeaderEpoch;
        }
        else if (wanted.FetchOffset < StartOffset || wanted.FetchOffset > EndOffset)
        {
            answer.ErrorCode = ErrorCode.OffsetOutOfRange;
        }
        else if (wanted.FetchOffset < EndOffset)
        {
            using RecordBatchBuilder builder = new(new RecordBatchOptions
            {
                BaseOffset = wanted.FetchOffset,
                PartitionLeaderEpoch = Epoch,
            });
            foreach (string value in Values.Skip((int)wanted.FetchOffset).Take(mostRecords))
            {
                builder.Append(1, null, Encoding.UTF8.GetBytes(value));
            }

            answer.Records = builder.Build().ToArray();
        }

        return answer;
    }

    private sealed class Producer(short epoch)
    {
        public short Epoch => epoch;

        public int NextSequence { get; set; }

        public Queue<Batch> Batches { get; } = [];
    }

    private sealed record Batch(int Sequence, long Offset);
}
