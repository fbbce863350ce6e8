using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.ShareState;

/// <summary>One partition as one share group sees it.</summary>
internal readonly record struct SharePartitionKey(string GroupId, Uuid TopicId, int Partition)
{
    /// <summary>The partition of the state topic that keeps it.</summary>
    public int CoordinatorPartition(int partitionCount) =>
        Protocol.CoordinatorPartition.OfShare(GroupId, TopicId, Partition, partitionCount);

    public override string ToString() => Protocol.CoordinatorPartition.ShareKey(GroupId, TopicId, Partition);
}
