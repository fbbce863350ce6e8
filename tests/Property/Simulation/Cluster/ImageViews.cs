using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Tests.Property.Simulation.Checkers;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>Metadata images as the checkers want them.</summary>
internal static class ImageViews
{
    public static ImageView Of(int nodeId, int life, MetadataImage image) => new(
        nodeId,
        life,
        image.Provenance.EndOffset - 1,
        HashOf(image),
        [.. from topic in image.Topics.ById.Values
            from partition in topic.Partitions
            select new PartitionState(
                $"{topic.Id}-{partition.Key}",
                partition.Value.Leader,
                partition.Value.LeaderEpoch,
                partition.Value.PartitionEpoch,
                partition.Value.LeaderRecoveryState != LeaderRecoveryState.Recovered,
                partition.Value.Replicas,
                partition.Value.Isr)
            {
                Elr = partition.Value.Elr,
                IsReassigning = partition.Value.IsReassigning,
            }],
        image.Cluster.Brokers.Values.ToDictionary(
            broker => broker.Id,
            broker => new BrokerState(broker.Id, broker.Epoch, broker.IsFenced, broker.InControlledShutdown)));

    /// <summary>Over the records of which a snapshot of the image would be made: all that it says.</summary>
    private static ulong HashOf(MetadataImage image)
    {
        ulong hash = 0xCBF29CE484222325UL;
        foreach (VersionedRecord record in ImageWriter.Records(image))
        {
            hash = (hash ^ RecordBytes.HashOf(record.Record, record.Version)) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 29;
        }

        return hash;
    }
}
