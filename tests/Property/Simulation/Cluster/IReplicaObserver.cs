using KRaftSharp.Broker.Replication;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>Sees what replicas get, after each event of their node.</summary>
internal interface IReplicaObserver
{
    /// <summary>A batch that was not in this replica's log when it was last looked at in this life.</summary>
    void Appended(ClusterMachine machine, Partition partition, RecordBatchView batch);

    /// <summary>Offsets or epoch of a replica have changed; its new batches have been shown.</summary>
    void Changed(ClusterMachine machine, Partition partition);

    /// <summary>All replicas of the node have been looked at.</summary>
    void Looked(ClusterMachine machine);
}
