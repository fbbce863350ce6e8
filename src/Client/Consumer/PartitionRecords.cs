using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Client.Consumer;

/// <summary>Fetched records of one partition, walked where they lie; valid until the poll's result is
/// disposed.</summary>
/// <remarks>
/// <code>
/// foreach (RecordView record in partitionRecords) { use(record.Key, record.Value); }
/// </code>
/// </remarks>
public sealed class PartitionRecords
{
    private readonly bool _checkCrcs;

    internal PartitionRecords(
        TopicPartition partition, ReadOnlyMemory<byte> batches, long firstOffset, long highWatermark, bool checkCrcs)
    {
        Partition = partition;
        Batches = batches;
        FirstOffset = firstOffset;
        HighWatermark = highWatermark;
        _checkCrcs = checkCrcs;
        (NextOffset, LastEpoch) = EndOf(batches.Span, firstOffset);
    }

    public TopicPartition Partition { get; }

    /// <summary>Whole record batches as the broker keeps them, perhaps followed by the beginning of another.</summary>
    public ReadOnlyMemory<byte> Batches { get; }

    /// <summary>Records before it, which a batch may hold, are not handed out.</summary>
    public long FirstOffset { get; }

    /// <summary>Where to read on after these records.</summary>
    public long NextOffset { get; }

    /// <summary>The leader epoch that the last batch was written in.</summary>
    public int LastEpoch { get; }

    /// <summary>The offset behind the last one that consumers may see, when the broker answered.</summary>
    public long HighWatermark { get; }

    public PartitionRecordEnumerator GetEnumerator() => new(Batches.Span, FirstOffset, _checkCrcs);

    private static (long NextOffset, int LastEpoch) EndOf(ReadOnlySpan<byte> bytes, long firstOffset)
    {
        long next = firstOffset;
        int epoch = RecordBatchLayout.NoPartitionLeaderEpoch;
        RecordBatchEnumerator batches = new(bytes);
        while (batches.MoveNext())
        {
            next = Math.Max(next, batches.Current.NextOffset);
            epoch = batches.Current.PartitionLeaderEpoch;
        }

        return (next, epoch);
    }
}
