using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Waiting;

namespace KRaftSharp.Broker.Replication;

/// <summary>A follower's fetch on its way to the partition's strand.</summary>
/// <param name="LeaderEpoch">The term in which it was found valid; in a later one it says nothing.</param>
/// <param name="Wakes">Entered once for this update.</param>
internal sealed record FollowerUpdate(int LeaderEpoch, FollowerFetch Fetch, WakeList Wakes);
