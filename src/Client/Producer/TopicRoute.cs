using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Producer;

/// <summary>All that a send has to look up of a topic, as of one view of the cluster: found once, not for every
/// record.</summary>
internal sealed class TopicRoute(ClusterView cluster, TopicView topic, StickyChoice sticky, Accumulator accumulator)
{
    private readonly PartitionQueue?[] _queues = new PartitionQueue?[topic.Partitions.Count];

    /// <summary>The view that it was found in.</summary>
    public ClusterView Cluster => cluster;

    public TopicView Topic => topic;

    public StickyChoice Sticky => sticky;

    public int Count => _queues.Length;

    public PartitionQueue QueueOf(int partition) =>
        _queues[partition] ??= accumulator.QueueOf(new TopicPartition(topic.Name, partition));

    /// <summary>Batches waiting for a partition; those that were sent by an earlier route and none since are left out.
    /// </summary>
    public int Queued(int partition) => _queues[partition]?.Count ?? 0;
}
