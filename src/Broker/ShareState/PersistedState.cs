namespace KRaftSharp.Broker.ShareState;

/// <summary>What the state topic says of one share partition.</summary>
internal sealed record PersistedState
{
    /// <summary>Where no start offset is known yet: the group's configs say where it begins.</summary>
    public const long NoOffset = -1;

    /// <summary>Where nothing is known of how many records are done.</summary>
    public const int NoCount = -1;

    /// <summary>Grows with each snapshot.</summary>
    public int SnapshotEpoch { get; init; }

    /// <summary>The epoch of the group that began this state: what was begun before is fenced.</summary>
    public int StateEpoch { get; init; }

    /// <summary>The leader epoch of whoever read the state last.</summary>
    public int LeaderEpoch { get; init; }

    /// <summary>The first record that is not done; <see cref="NoOffset"/> when not known.</summary>
    public long StartOffset { get; init; } = NoOffset;

    /// <summary>How many records at and above <see cref="StartOffset"/> are done; <see cref="NoCount"/> when not
    /// known.</summary>
    public int DeliveryCompleteCount { get; init; } = NoCount;

    /// <summary>In the order of offsets, without overlaps.</summary>
    public IReadOnlyList<StateBatch> Batches { get; init; } = [];

    public long CreateTimestampMs { get; init; }

    public long WriteTimestampMs { get; init; }
}
