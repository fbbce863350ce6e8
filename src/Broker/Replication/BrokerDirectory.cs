using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Broker.Replication;

/// <summary>The brokers as the newest metadata has them. Any thread.</summary>
internal sealed class BrokerDirectory(string interBrokerListener, Func<long> localBrokerEpoch) : IReplicaEligibility
{
    private volatile ClusterImage _cluster = ClusterImage.Empty;

    public ClusterImage Cluster
    {
        get => _cluster;
        set => _cluster = value;
    }

    public long LocalBrokerEpoch => localBrokerEpoch();

    public bool MayJoinIsr(int brokerId, long? brokerEpoch) =>
        brokerEpoch is { } epoch && _cluster.Broker(brokerId) is { IsActive: true } broker
        && (epoch == -1 || epoch == broker.Epoch);

    public bool IsAlive(int brokerId) => _cluster.Broker(brokerId) is { IsFenced: false };

    public PeerEndpoint? EndpointOf(int brokerId) =>
        _cluster.Broker(brokerId) is { } broker && broker.Listeners.TryGetValue(interBrokerListener, out var listener)
            ? new PeerEndpoint(brokerId, listener.Host, listener.Port)
            : null;
}
