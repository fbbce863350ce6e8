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
    private readonly FetchedPart _part;

    internal PartitionRecords(FetchedPart part, long firstOffset, long nextOffset, int lastEpoch, int count)
    {
        Count = count;
        _part = part;
        FirstOffset = firstOffset;
        NextOffset = nextOffset;
        LastEpoch = lastEpoch;
    }

    public TopicPartition Partition => _part.State.Partition;

    /// <summary>Whole record batches as the broker keeps them, perhaps followed by the beginning of another. They may
    /// begin before <see cref="FirstOffset"/> and go on behind <see cref="NextOffset"/>, and hold records of aborted
    /// transactions.</summary>
    public ReadOnlyMemory<byte> Batches => _part.Bytes;

    /// <summary>Records before it, which a batch may hold, are not handed out.</summary>
    public long FirstOffset { get; }

    /// <summary>Where to read on after these records.</summary>
    public long NextOffset { get; }

    /// <summary>The leader epoch that the last batch was written in.</summary>
    public int LastEpoch { get; }

    /// <summary>The offset behind the last one that consumers may see, when the broker answered.</summary>
    public long HighWatermark => _part.HighWatermark;

    internal FetchedPart Part => _part;

    /// <summary>How many records, those of aborted transactions included, as their batches say.</summary>
    internal int Count { get; }

    public PartitionRecordEnumerator GetEnumerator() => new(
        Batches.Span, FirstOffset, NextOffset, _part.CheckCrcs,
        _part.Aborted is { Count: > 0 } aborted ? new AbortedRanges(aborted) : null);
}
