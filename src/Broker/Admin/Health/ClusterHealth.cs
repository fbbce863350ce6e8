using KRaftSharp.Broker.Node;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Health;

/// <summary>Says how the cluster is, from the metadata that this node has, with the reasons.</summary>
internal static class ClusterHealth
{
    /// <summary>The code of what is wrong when the quorum would have no majority.</summary>
    public const string QuorumReason = "quorum";

    private const int NamedPartitions = 10;

    /// <summary>Everything that is not as it should be, the worst first.</summary>
    public static IReadOnlyList<HealthReason> Reasons(KafkaNode node, EffectiveConfigs configs)
    {
        MetadataImage image = node.Image;
        PartitionCensus census = PartitionCensus.Of(image, configs);
        List<HealthReason> reasons = [];
        if (node.Quorum.Leader.LeaderId is null)
        {
            reasons.Add(new HealthReason(HealthStatus.Red, "no-controller", "The quorum has no leader", []));
        }

        Add(reasons, HealthStatus.Red, "leaderless", "partitions have no leader", census.Offline);
        Add(reasons, HealthStatus.Red, "under-min-isr",
            "partitions have fewer in-sync replicas than min.insync.replicas", census.UnderMinIsr);
        Add(reasons, HealthStatus.Yellow, "under-replicated",
            "partitions have replicas that are not in sync", census.UnderReplicated);
        List<string> fenced = [.. image.Cluster.Brokers.Values.Where(broker => broker.IsFenced)
            .Select(broker => $"{broker.Id}")];
        if (fenced.Count > 0)
        {
            reasons.Add(new HealthReason(
                HealthStatus.Yellow, "fenced-brokers",
                $"{fenced.Count} {(fenced.Count == 1 ? "broker is" : "brokers are")} fenced",
                fenced));
        }

        return reasons;
    }

    /// <summary>Why a broker must not be stopped now; empty when it may be.</summary>
    public static IReadOnlyList<HealthReason> AgainstRestart(KafkaNode node, EffectiveConfigs configs, int broker)
    {
        MetadataImage image = node.Image;
        List<string> lost = [];
        List<string> blocked = [];
        foreach (TopicImage topic in image.Topics.InNameOrder)
        {
            int minIsr = configs.MinInsyncReplicas(image.Configs, topic.Name);
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                // With one replica nobody expects the partition to be served while its broker is away.
                if (!partition.Isr.Contains(broker) || partition.Replicas.Length == 1)
                {
                    continue;
                }

                int left = partition.Isr.Count(id => id != broker && image.Cluster.IsActive(id));
                if (left == 0)
                {
                    lost.Add($"{topic.Name}-{id}");
                }
                else if (left < Math.Min(minIsr, partition.Replicas.Length - 1))
                {
                    blocked.Add($"{topic.Name}-{id}");
                }
            }
        }

        List<HealthReason> reasons = [];
        Add(reasons, HealthStatus.Red, "leaderless", "partitions would have no leader", lost);
        Add(reasons, HealthStatus.Red, "under-min-isr", "partitions would take no acks=all writes", blocked);
        AddQuorum(reasons, node, broker);
        return reasons;
    }

    private static void AddQuorum(List<HealthReason> reasons, KafkaNode node, int broker)
    {
        List<int> voters = [.. node.Quorum.Voters.All.Select(voter => voter.Key.Id)];
        if (!voters.Contains(broker) || voters.Count == 1)
        {
            return;
        }

        MetadataImage image = node.Image;
        int alive = voters.Count(id => id != broker && (image.Cluster.Broker(id) is not { IsFenced: true }));
        if (alive <= voters.Count / 2)
        {
            reasons.Add(new HealthReason(
                HealthStatus.Red, QuorumReason, $"The quorum would have {alive} of {voters.Count} voters", []));
        }
    }

    private static void Add(
        List<HealthReason> reasons, HealthStatus status, string code, string what, IReadOnlyList<string> partitions)
    {
        if (partitions.Count > 0)
        {
            reasons.Add(new HealthReason(
                status, code, $"{partitions.Count} {what}", [.. partitions.Take(NamedPartitions)]));
        }
    }
}
