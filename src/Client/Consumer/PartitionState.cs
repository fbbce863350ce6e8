namespace KRaftSharp.Client.Consumer;

/// <summary>What a consumer knows of one partition it is assigned. Owned by the polling caller.</summary>
internal sealed class PartitionState(TopicPartition partition)
{
    /// <summary>No position is known: it must be looked up.</summary>
    public const long NoPosition = -1;

    public TopicPartition Partition => partition;

    /// <summary>The offset of the next record to hand out.</summary>
    public long Position { get; private set; } = NoPosition;

    /// <summary>The epoch of the last record handed out, kept with commits; -1 unknown.</summary>
    public int PositionEpoch { get; private set; } = -1;

    /// <summary>The next offset to fetch: ahead of the position by what lies ready.</summary>
    public long FetchOffset { get; private set; } = NoPosition;

    /// <summary>The epoch of the last record fetched, to notice a truncation by; -1 unknown.</summary>
    public int FetchEpoch { get; private set; } = -1;

    /// <summary>Changes when the position was set rather than read on: what was fetched before is of no use then.
    /// </summary>
    public int Version { get; private set; }

    /// <summary>The timestamp to look the position up by (a real one, or ListOffsets' -1 and -2); null: the policy's.
    /// </summary>
    public long? LookUpTimestamp { get; private set; }

    /// <summary>Without a position, the group's committed offset is asked for first.</summary>
    public bool AwaitsCommitted { get; set; }

    /// <summary>The leader epoch under which the position is known to be good.</summary>
    public int ValidatedEpoch { get; set; } = -1;

    /// <summary>A follower that the leader said to read from (KIP-392); -1: the leader.</summary>
    public int PreferredReplica { get; private set; } = -1;

    /// <summary>Until when that counts.</summary>
    public long PreferredUntilMs { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>A lookup or validation is under way.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Nothing is asked for this partition before.</summary>
    public long RetryAtMs { get; set; }

    public int Failures { get; set; }

    public long HighWatermark { get; set; } = -1;

    public long LogStartOffset { get; set; } = -1;

    /// <summary>Forgets the position; it is looked up again.</summary>
    public void Reset(long? timestamp)
    {
        Place(NoPosition, epoch: -1);
        LookUpTimestamp = timestamp;
        AwaitsCommitted = false;
        RetryAtMs = 0;
    }

    public void MoveTo(long position, int epoch)
    {
        Place(position, epoch);
        LookUpTimestamp = null;
        AwaitsCommitted = false;
        Failures = 0;
        RetryAtMs = 0;
    }

    /// <summary>Records up to there have come.</summary>
    public void Fetched(long nextOffset, int epoch) => (FetchOffset, FetchEpoch) = (nextOffset, epoch);

    /// <summary>Records up to there are handed out.</summary>
    public void HandedOut(long nextOffset, int epoch) => (Position, PositionEpoch) = (nextOffset, epoch);

    /// <summary>What lies ready is dropped, and fetched again when it is wanted.</summary>
    public void Rewind() => Place(Position, PositionEpoch);

    public void Prefer(int replica, long untilMs) => (PreferredReplica, PreferredUntilMs) = (replica, untilMs);

    private void Place(long position, int epoch)
    {
        (Position, PositionEpoch) = (position, epoch);
        (FetchOffset, FetchEpoch) = (position, epoch);
        Version++;
    }
}
