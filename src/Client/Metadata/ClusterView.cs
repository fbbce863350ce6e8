using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Metadata;

/// <summary>The cluster as last heard of. Immutable.</summary>
/// <param name="ClusterId">Null before the first answer.</param>
/// <param name="ControllerId">A broker to send controller requests to; -1 unknown.</param>
/// <param name="Brokers">By id.</param>
/// <param name="Topics">By name.</param>
public sealed record ClusterView(
    string? ClusterId,
    int ControllerId,
    ImmutableDictionary<int, BrokerNode> Brokers,
    ImmutableDictionary<string, TopicView> Topics)
{
    public static ClusterView Empty { get; } = new(
        null, -1, ImmutableDictionary<int, BrokerNode>.Empty, ImmutableDictionary<string, TopicView>.Empty);

    public PartitionView? Find(TopicPartition partition) =>
        Topics.TryGetValue(partition.Topic, out TopicView? topic) ? topic.Find(partition.Partition) : null;

    /// <summary>The name of a topic id; null when no known topic has it.</summary>
    public string? NameOf(Uuid id)
    {
        foreach (TopicView topic in Topics.Values)
        {
            if (topic.Id == id)
            {
                return topic.Name;
            }
        }

        return null;
    }

    /// <summary>This view with a newer leader of one partition, as a broker that is not the leader told
    /// (KIP-951).</summary>
    /// <returns>The same view when it knows of this epoch already.</returns>
    public ClusterView WithLeader(TopicPartition partition, int leaderId, int leaderEpoch)
    {
        if (!Topics.TryGetValue(partition.Topic, out TopicView? topic)
            || topic.Find(partition.Partition) is not { } known
            || known.LeaderEpoch >= leaderEpoch)
        {
            return this;
        }

        PartitionView[] partitions = [.. topic.Partitions];
        partitions[known.Index] = known with
        {
            LeaderId = leaderId,
            LeaderEpoch = leaderEpoch,
            Error = ErrorCode.None,
        };
        return this with { Topics = Topics.SetItem(topic.Name, topic with { Partitions = partitions }) };
    }
}
