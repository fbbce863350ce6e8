using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Health;

/// <summary>Counts partitions by what is wrong with them.</summary>
internal sealed record PartitionCensus(
    int Topics, int Partitions, IReadOnlyList<string> Offline, IReadOnlyList<string> UnderReplicated,
    IReadOnlyList<string> UnderMinIsr, int NotPreferred, int Reassigning)
{
    public static PartitionCensus Of(MetadataImage image, EffectiveConfigs configs)
    {
        int count = 0, notPreferred = 0, reassigning = 0;
        List<string> offline = [], underReplicated = [], underMinIsr = [];
        foreach (TopicImage topic in image.Topics.InNameOrder)
        {
            int minIsr = configs.MinInsyncReplicas(image.Configs, topic.Name);
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                count++;
                notPreferred += partition.HasPreferredLeader ? 0 : 1;
                reassigning += partition.IsReassigning ? 1 : 0;
                if (!partition.HasLeader)
                {
                    offline.Add($"{topic.Name}-{id}");
                }

                if (partition.Isr.Length < partition.Replicas.Length - partition.AddingReplicas.Length)
                {
                    underReplicated.Add($"{topic.Name}-{id}");
                }

                if (partition.Isr.Length < minIsr)
                {
                    underMinIsr.Add($"{topic.Name}-{id}");
                }
            }
        }

        return new PartitionCensus(
            image.Topics.Count, count, offline, underReplicated, underMinIsr, notPreferred, reassigning);
    }
}
