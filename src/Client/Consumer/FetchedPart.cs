using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>What one answer brought of one partition, handed out at once or piece by piece.</summary>
internal sealed class FetchedPart
{
    public FetchedPart(PartitionState state, ReadOnlyMemory<byte> bytes, long firstOffset, bool checkCrcs)
    {
        State = state;
        Version = state.Version;
        Bytes = bytes;
        CheckCrcs = checkCrcs;
        NextOffset = firstOffset;
        LastEpoch = RecordBatchLayout.NoPartitionLeaderEpoch;
        RecordBatchEnumerator batches = new(bytes.Span);
        while (batches.MoveNext())
        {
            NextOffset = Math.Max(NextOffset, batches.Current.NextOffset);
            LastEpoch = batches.Current.PartitionLeaderEpoch;
        }
    }

    public PartitionState State { get; }

    /// <summary>The state's when it was fetched.</summary>
    public int Version { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public bool CheckCrcs { get; }

    /// <summary>The offset behind everything in it.</summary>
    public long NextOffset { get; }

    public int LastEpoch { get; }

    public long HighWatermark { get; init; }

    public IReadOnlyList<FetchResponse.AbortedTransaction>? Aborted { get; init; }

    /// <summary>Whose memory it is.</summary>
    public FetchBuffer? Buffer { get; set; }

    /// <summary>The next piece: whole batches as long as they are no more records than that, and a piece of a batch
    /// where
    /// the first is larger.</summary>
    public (PartitionRecords Records, int Count) Slice(int mostRecords)
    {
        long from = State.Position;
        long next = from;
        int epoch = LastEpoch;
        int count = 0;
        RecordBatchEnumerator batches = new(Bytes.Span);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            if (batch.NextOffset <= from)
            {
                continue;
            }

            long first = Math.Max(from, batch.BaseOffset);
            long records = batch.IsControl ? 0 : Math.Clamp(batch.RecordCount, 0, batch.NextOffset - first);
            if (count + records > mostRecords)
            {
                if (count == 0)
                {
                    (next, epoch, count) = (first + mostRecords, batch.PartitionLeaderEpoch, mostRecords);
                }

                break;
            }

            (next, epoch, count) = (batch.NextOffset, batch.PartitionLeaderEpoch, count + (int)records);
        }

        return (new PartitionRecords(this, from, next, epoch, count), count);
    }
}
