using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Property.Controller;

/// <summary>What must hold in every committed image, and from each to the next.</summary>
internal sealed class MetadataRules
{
    private readonly HashSet<Uuid> _deletedTopics = [];
    private readonly Dictionary<int, long> _brokerEpochs = [];
    private MetadataImage _last = MetadataImage.Empty;

    public void Check(MetadataImage image)
    {
        foreach (TopicImage topic in image.Topics.ById.Values)
        {
            Assert.Equal(topic.Id, image.Topics.ByName[topic.Name]);
            Assert.DoesNotContain(topic.Id, _deletedTopics);
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                CheckPartition(image, partition, MinIsr(image, topic, partition));
                CheckStep(_last.Topics.Partition(topic.Id, id), partition);
            }
        }

        Assert.Equal(image.Topics.ById.Count, image.Topics.ByName.Count);
        _deletedTopics.UnionWith(_last.Topics.ById.Keys.Except(image.Topics.ById.Keys));
        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            Assert.True(broker.Epoch >= _brokerEpochs.GetValueOrDefault(broker.Id, -1), "broker epochs only grow");
            _brokerEpochs[broker.Id] = broker.Epoch;
        }

        Assert.True(
            image.ProducerIds.NextProducerId >= _last.ProducerIds.NextProducerId, "producer ids only grow");
        _last = image;
    }

    private static void CheckPartition(MetadataImage image, PartitionRegistration partition, int minIsr)
    {
        Assert.True(
            partition.Isr.Length > 0 || (!partition.HasLeader && image.Features.LevelOf(KnownFeatures.ElrVersion) > 0),
            $"only with ELR, and without a leader, an ISR is empty: {partition}");
        Assert.Subset(partition.Replicas.ToHashSet(), partition.Elr.ToHashSet());
        Assert.Empty(partition.Elr.Intersect(partition.Isr));
        Assert.True(partition.Elr.Length == 0 || partition.Isr.Length < minIsr, $"a full ISR has no ELR: {partition}");
        Assert.True(partition.LastKnownElr.Length == 0 || !partition.HasLeader, $"no leader but a last: {partition}");
        int[] moving = [.. partition.AddingReplicas.Union(partition.RemovingReplicas)];
        Assert.Subset(partition.Replicas.ToHashSet(), moving.ToHashSet());
        Assert.Equal(moving.Length, partition.AddingReplicas.Length + partition.RemovingReplicas.Length);
        Assert.True(
            !partition.IsReassigning || partition.Replicas.Except(partition.RemovingReplicas).Any(),
            $"something stays: {partition}");
        Assert.Subset(partition.Replicas.ToHashSet(), partition.Isr.ToHashSet());
        Assert.Equal(partition.Isr.Length, partition.Isr.Distinct().Count());
        Assert.Equal(partition.Replicas.Length, partition.Directories.Length);
        Assert.True(!partition.HasLeader || partition.Isr.Contains(partition.Leader), $"leader in ISR: {partition}");
        bool hasUnfit = partition.Isr.Any(id => !image.Cluster.IsActive(id));
        Assert.True(
            !hasUnfit, $"no unfit broker in ISR: {partition}");
    }

    /// <summary>What the partition itself can reach. The controller goes by partition 0, whose replicas may become
    /// fewer without that the others' ELRs are looked at.</summary>
    private static int MinIsr(MetadataImage image, TopicImage topic, PartitionRegistration partition)
    {
        int configured = image.Configs.For(ConfigResource.Topic(topic.Name)).TryGetValue(
            "min.insync.replicas", out string? value)
            ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
            : 1;
        return Math.Min(configured, partition.Replicas.Length);
    }

    private static void CheckStep(PartitionRegistration? before, PartitionRegistration now)
    {
        if (before is null || before == now)
        {
            return;
        }

        Assert.True(now.PartitionEpoch > before.PartitionEpoch, $"partition epochs grow: {before}, then {now}");
        Assert.True(now.LeaderEpoch >= before.LeaderEpoch, $"leader epochs only grow: {before}, then {now}");
        Assert.True(
            now.Leader == before.Leader || now.LeaderEpoch > before.LeaderEpoch,
            $"a new leader has a new epoch: {before}, then {now}");
        bool isNextStep = now.PartitionEpoch == before.PartitionEpoch + 1;
        Assert.True(
            !isNextStep || !before.IsReassigning || now.IsReassigning || now.Replicas.All(now.Isr.Contains)
                || now.Replicas.ToHashSet().SetEquals(before.Replicas.Except(before.AddingReplicas)),
            $"a reassignment ends with all in sync, or a cancel with the original replicas: {before}, then {now}");
        Assert.True(
            !isNextStep || !now.HasLeader || before.Isr.Contains(now.Leader)
                || before.Elr.Contains(now.Leader)
                || now.LeaderRecoveryState == LeaderRecoveryState.Recovering,
            "a leader is elected from the ISR or the ELR, or the election is recorded as unclean: "
                + $"{before}, then {now}");
    }
}
