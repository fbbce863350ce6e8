using System.Collections.Immutable;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Metadata;

/// <summary>Turns a Metadata answer into a view, never going back to an older leader epoch of the same topic.</summary>
internal static class ClusterViewBuilder
{
    /// <param name="old">What was known; topics that the answer does not name stay when
    /// <paramref name="isFull"/> is false.</param>
    /// <param name="answer">A broker's answer.</param>
    /// <param name="isFull">Whether the answer names every topic.</param>
    public static ClusterView Merge(ClusterView old, MetadataResponse answer, bool isFull)
    {
        ImmutableDictionary<int, BrokerNode>.Builder brokers = ImmutableDictionary.CreateBuilder<int, BrokerNode>();
        foreach (MetadataResponse.MetadataResponseBroker broker in answer.Brokers)
        {
            brokers[broker.NodeId] = new BrokerNode(broker.NodeId, broker.Host, broker.Port, broker.Rack);
        }

        ImmutableDictionary<string, TopicView>.Builder topics = isFull
            ? ImmutableDictionary.CreateBuilder<string, TopicView>()
            : old.Topics.ToBuilder();
        foreach (MetadataResponse.MetadataResponseTopic topic in answer.Topics)
        {
            if (topic.Name is { } name)
            {
                topics[name] = View(name, topic, old.Topics.GetValueOrDefault(name));
            }
        }

        return new ClusterView(
            answer.ClusterId ?? old.ClusterId, answer.ControllerId, brokers.ToImmutable(), topics.ToImmutable());
    }

    private static TopicView View(string name, MetadataResponse.MetadataResponseTopic topic, TopicView? old)
    {
        // A topic that a broker does not know yet is not forgotten for that, if it is only behind.
        if (topic.ErrorCode != ErrorCode.None && topic.Partitions.Count == 0)
        {
            return new TopicView(name, topic.TopicId, topic.IsInternal, topic.ErrorCode, []);
        }

        bool isSameTopic = old is not null && old.Id == topic.TopicId;
        List<PartitionView> partitions = [];
        foreach (MetadataResponse.MetadataResponsePartition partition in topic.Partitions.OrderBy(
            partition => partition.PartitionIndex))
        {
            if (partition.PartitionIndex != partitions.Count)
            {
                break; // a gap cannot be; what follows it is not used
            }

            PartitionView view = new(
                partition.PartitionIndex, partition.LeaderId, partition.LeaderEpoch, partition.ReplicaNodes,
                partition.IsrNodes, partition.OfflineReplicas, partition.ErrorCode);
            partitions.Add(isSameTopic && old!.Find(view.Index) is { } known && known.LeaderEpoch > view.LeaderEpoch
                ? known
                : view);
        }

        return new TopicView(name, topic.TopicId, topic.IsInternal, topic.ErrorCode, partitions);
    }
}
