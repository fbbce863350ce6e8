namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>The Controller and metadata section of INVARIANTS.md, on every image that any node publishes.</summary>
internal sealed class MetadataChecker(Violations violations)
{
    private readonly Dictionary<long, (ulong Hash, int NodeId)> _hashOfOffset = [];
    private readonly Dictionary<int, ImageView> _last = [];
    private readonly Dictionary<string, PartitionState> _partitions = [];
    private readonly Dictionary<int, long> _brokerEpochs = [];
    private long _newest = -1;

    public void Check(ImageView image)
    {
        if (!_hashOfOffset.TryAdd(image.Offset, (image.Hash, image.NodeId)))
        {
            (ulong hash, int other) = _hashOfOffset[image.Offset];
            violations.Require(
                hash == image.Hash,
                "replaying the same log gives the same image",
                () => $"nodes {other} and {image.NodeId} differ at offset {image.Offset}");
        }

        if (_last.TryGetValue(image.NodeId, out ImageView? before))
        {
            violations.Require(
                before.Life != image.Life || image.Offset >= before.Offset,
                "a broker's metadata goes forward only",
                () => $"node {image.NodeId} had {before.Offset}, now {image.Offset}");
        }

        _last[image.NodeId] = image;
        if (image.Offset > _newest)
        {
            _newest = image.Offset;
            CheckNewest(image);
        }
    }

    private void CheckNewest(ImageView image)
    {
        foreach (BrokerState broker in image.Brokers.Values)
        {
            long before = _brokerEpochs.GetValueOrDefault(broker.BrokerId, -1);
            violations.Require(broker.Epoch >= before, "broker epochs only grow", broker.ToString);
            _brokerEpochs[broker.BrokerId] = broker.Epoch;
        }

        foreach (PartitionState partition in image.Partitions)
        {
            CheckPartition(image, partition);
            if (_partitions.TryGetValue(partition.Partition, out PartitionState? before))
            {
                CheckStep(before, partition, image.Offset);
            }

            _partitions[partition.Partition] = partition;
        }
    }

    private void CheckPartition(ImageView image, PartitionState partition)
    {
        violations.Require(
            partition.Isr.All(partition.Replicas.Contains) && partition.Isr.Distinct().Count() == partition.Isr.Count,
            "the ISR is a subset of the replicas",
            partition.ToString);
        violations.Require(
            partition.Isr.Count > 0 || partition.Leader < 0, "a led partition has an ISR", partition.ToString);
        violations.Require(
            partition.Elr.All(partition.Replicas.Contains) && !partition.Elr.Any(partition.Isr.Contains),
            "the ELR is a subset of the replicas, apart from the ISR",
            partition.ToString);
        violations.Require(
            partition.Leader < 0 || partition.Isr.Contains(partition.Leader),
            "the leader is in the ISR",
            partition.ToString);
        bool hasUnfit = partition.Isr.Any(id => !image.Brokers.TryGetValue(id, out BrokerState? broker)
            || broker.IsFenced);
        // Without eligible leader replicas the last member stays in the ISR when it goes, so that it may lead again.
        violations.Require(
            !hasUnfit || (partition.Isr.Count == 1 && partition.Leader < 0),
            "no fenced broker is in an ISR",
            () => $"{partition} at {image.Offset}");
    }

    private void CheckStep(PartitionState before, PartitionState now, long offset)
    {
        violations.Require(
            now.LeaderEpoch >= before.LeaderEpoch && now.PartitionEpoch >= before.PartitionEpoch,
            "leader and partition epochs only grow",
            () => $"{before}, then {now} at {offset}");
        violations.Require(
            now.Leader == before.Leader || now.Leader < 0 || now.LeaderEpoch > before.LeaderEpoch,
            "a new leader has a new epoch",
            () => $"{before}, then {now} at {offset}");
        // Images may skip steps, but a clean leader always comes from an ISR that only members could join. The replica
        // whose joining ends a reassignment may lead with the same change, where the leader is not among the targets.
        bool endsMove = before.IsReassigning && !now.IsReassigning && now.Isr.Contains(now.Leader);
        violations.Require(
            now.PartitionEpoch != before.PartitionEpoch + 1 || now.Leader < 0 || now.IsRecovering || endsMove
                || before.Isr.Contains(now.Leader) || before.Elr.Contains(now.Leader),
            "a leader is elected from the ISR or the ELR",
            () => $"{before}, then {now} at {offset}");
    }
}
