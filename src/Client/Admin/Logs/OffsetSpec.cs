namespace KRaftSharp.Client.Admin;

/// <summary>Which offset of a partition is looked for.</summary>
public readonly record struct OffsetSpec
{
    private OffsetSpec(long timestamp, short lowestVersion) => (Timestamp, LowestVersion) = (timestamp, lowestVersion);

    /// <summary>The first record that is still there.</summary>
    public static OffsetSpec Earliest => new(-2, 1);

    /// <summary>Behind the last acknowledged record.</summary>
    public static OffsetSpec Latest => new(-1, 1);

    /// <summary>The record with the largest timestamp (KIP-734).</summary>
    public static OffsetSpec MaxTimestamp => new(-3, 7);

    /// <summary>The first record on the leader's own disk (KIP-405).</summary>
    public static OffsetSpec EarliestLocal => new(-4, 8);

    /// <summary>Behind the last record in tiered storage (KIP-1005).</summary>
    public static OffsetSpec LatestTiered => new(-5, 9);

    internal long Timestamp { get; }

    internal short LowestVersion { get; }

    /// <summary>The first record that is not older.</summary>
    public static OffsetSpec At(DateTimeOffset time) => new(Math.Max(time.ToUnixTimeMilliseconds(), 0), 1);
}
