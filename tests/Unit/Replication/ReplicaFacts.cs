using KRaftSharp.Broker.Replication.Core;

namespace KRaftSharp.Tests.Unit.Replication;

/// <summary>Brokers as the metadata would have them, for tests of the pure core.</summary>
internal sealed class ReplicaFacts : IReplicaEligibility
{
    public SortedDictionary<int, long> Active { get; } = new() { [1] = 10, [2] = 20, [3] = 30 };

    public long LocalBrokerEpoch => 10;

    public bool MayJoinIsr(int brokerId, long? brokerEpoch) =>
        brokerEpoch is { } epoch && Active.TryGetValue(brokerId, out long known) && (epoch == -1 || epoch == known);

    public bool IsAlive(int brokerId) => Active.ContainsKey(brokerId);

    public FollowerFetch Fetch(int replica, long offset, long nowMs = 0, long logStart = 0) =>
        new(replica, Active[replica], offset, logStart, nowMs);

    public static PartitionAssignment Assignment(int leader, int epoch, int partitionEpoch, params int[] isr) =>
        new(leader, epoch, partitionEpoch, [1, 2, 3], isr);
}
