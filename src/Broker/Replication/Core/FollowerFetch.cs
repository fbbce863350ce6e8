namespace KRaftSharp.Broker.Replication.Core;

/// <summary>
/// One follower's valid fetch: it holds everything below <paramref name="FetchOffset"/> as the leader has it.
/// </summary>
/// <param name="BrokerEpoch">The follower's broker epoch; -1 when its request carries none.</param>
/// <param name="LogStartOffset">Where the follower's own log starts.</param>
/// <param name="TimeMs">Monotonic time of arrival.</param>
public readonly record struct FollowerFetch(
    int ReplicaId, long BrokerEpoch, long FetchOffset, long LogStartOffset, long TimeMs);
