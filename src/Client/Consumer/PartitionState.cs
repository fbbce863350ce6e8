namespace KRaftSharp.Client.Consumer;

/// <summary>What a consumer knows of one partition it is assigned. Owned by the polling caller.</summary>
internal sealed class PartitionState(TopicPartition partition)
{
    /// <summary>No position is known: it must be looked up.</summary>
    public const long NoPosition = -1;

    public TopicPartition Partition => partition;

    /// <summary>The next offset to read.</summary>
    public long Position { get; set; } = NoPosition;

    /// <summary>The timestamp to look the position up by (a real one, or ListOffsets' -1 and -2); null: the policy's.
    /// </summary>
    public long? LookUpTimestamp { get; set; }

    /// <summary>The epoch of the last record read, to notice a truncation by; -1 unknown.</summary>
    public int PositionEpoch { get; set; } = -1;

    /// <summary>The leader epoch under which the position is known to be good.</summary>
    public int ValidatedEpoch { get; set; } = -1;

    public bool IsPaused { get; set; }

    /// <summary>A lookup or validation is under way.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Nothing is asked for this partition before.</summary>
    public long RetryAtMs { get; set; }

    public int Failures { get; set; }

    public long HighWatermark { get; set; } = -1;

    /// <summary>Forgets the position; it is looked up again.</summary>
    public void Reset(long? timestamp)
    {
        Position = NoPosition;
        PositionEpoch = -1;
        LookUpTimestamp = timestamp;
    }

    public void MoveTo(long position, int epoch)
    {
        Position = position;
        PositionEpoch = epoch;
        LookUpTimestamp = null;
        Failures = 0;
        RetryAtMs = 0;
    }
}
