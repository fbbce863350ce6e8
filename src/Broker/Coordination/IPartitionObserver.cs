using KRaftSharp.Broker.Replication;

namespace KRaftSharp.Broker.Coordination;

/// <summary>Hears of the leadership of partitions of one topic. Called on the partition's strand: must not block.
/// </summary>
public interface IPartitionObserver
{
    string Topic { get; }

    /// <summary>This node leads it, in a new epoch.</summary>
    void Leads(Partition partition, int leaderEpoch);

    /// <summary>This node leads it no longer.</summary>
    void Ceased(Partition partition);

    /// <summary>The high watermark of a partition that this node leads.</summary>
    void HighWatermarkMoved(Partition partition, long highWatermark);
}
