using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Tells clients that came to the wrong broker where the leader is (KIP-951).</summary>
internal readonly struct LeaderHints(ReplicaManager replicas, string listenerName)
{
    /// <summary>The leader as the local replica knows it, else as the metadata does; -1 and -1 when unknown.</summary>
    public (int LeaderId, int LeaderEpoch) LeaderOf(TopicPartition partition)
    {
        if (replicas.Get(partition)?.View is { } view)
        {
            return (view.LeaderId, view.LeaderEpoch);
        }

        return replicas.Image.Topics.Partition(partition.Topic, partition.Partition) is { } registration
            ? (registration.Leader, registration.LeaderEpoch)
            : (-1, -1);
    }

    /// <summary>Where a living broker is reached by the clients of this listener.</summary>
    public (BrokerRegistration Broker, ListenerEndpoint Endpoint)? EndpointOf(int brokerId) =>
        replicas.Image.Cluster.Broker(brokerId) is { IsFenced: false } broker
            && broker.Listeners.TryGetValue(listenerName, out ListenerEndpoint? endpoint)
            ? (broker, endpoint)
            : null;
}
