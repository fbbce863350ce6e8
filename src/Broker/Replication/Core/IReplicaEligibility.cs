namespace KRaftSharp.Broker.Replication.Core;

/// <summary>What the metadata says about the brokers that hold replicas.</summary>
public interface IReplicaEligibility
{
    /// <summary>
    /// Whether a replica may join an ISR: its broker is neither fenced nor shutting down, and it fetched with the epoch
    /// that the metadata knows (-1, from a peer that sends none, is accepted; null, never fetched, is not).
    /// </summary>
    bool MayJoinIsr(int brokerId, long? brokerEpoch);

    /// <summary>Whether the broker is registered and unfenced: only such replicas hold back the low
    /// watermark.</summary>
    bool IsAlive(int brokerId);

    /// <summary>The broker epoch of this node's own registration; -1 before it has one.</summary>
    long LocalBrokerEpoch { get; }
}
