namespace KRaftSharp.Broker.Replication;

/// <summary>What became of one replica on this node, the newest last; bounded.</summary>
/// <remarks>Written on the partition's strand; any thread may read.</remarks>
public sealed class ReplicaTimeline
{
    private const int Most = 32;

    private volatile ReplicaEvent[] _events = [];

    public IReadOnlyList<ReplicaEvent> Events => _events;

    internal void Add(ReplicaEvent next) =>
        _events = [.. _events.AsSpan(Math.Max(0, _events.Length - Most + 1)), next];
}

/// <summary>One change of a replica.</summary>
/// <param name="TimestampMs">Since the Unix epoch.</param>
/// <param name="What">leads, follows, truncated or offline.</param>
/// <param name="LogEndOffset">After the change.</param>
/// <param name="TruncatedFrom">Where the log ended before it was cut; null where it was not.</param>
public sealed record ReplicaEvent(
    long TimestampMs, string What, int? Leader, int LeaderEpoch, long HighWatermark, long LogEndOffset,
    long? TruncatedFrom = null);
