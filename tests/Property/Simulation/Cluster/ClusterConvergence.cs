using KRaftSharp.Broker.Replication;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// What a healed cluster comes to: every replica in every ISR, equal to its leader, all of it committed.
/// </summary>
internal static class ClusterConvergence
{
    /// <summary>What this node's replica lacks; empty when it lacks nothing or the node has none.</summary>
    public static string Missing(
        ClusterMachine machine, TopicImage topic, int partitionIndex, IReadOnlyList<ClusterMachine> all)
    {
        PartitionRegistration registration = topic.Partitions[partitionIndex];
        if (!registration.Replicas.Contains(machine.Id))
        {
            return "";
        }

        string name = $"{topic.Name}-{partitionIndex} of node {machine.Id}";
        if (registration.Leader < 0 || registration.Isr.Length < registration.Replicas.Length
            || registration.IsReassigning)
        {
            return $"{topic.Name}-{partitionIndex}: {registration}";
        }

        if (Find(machine, topic, partitionIndex) is not { } replica)
        {
            return $"{name} does not exist";
        }

        if (Find(all[registration.Leader], topic, partitionIndex) is not { View.IsLeader: true } leader)
        {
            return $"{topic.Name}-{partitionIndex}: node {registration.Leader} does not lead";
        }

        bool isEqual = replica.Log.LogEndOffset == leader.Log.LogEndOffset
            && replica.Log.HighWatermark == leader.Log.LogEndOffset;
        return isEqual
            ? ""
            : $"{name} ends at {replica.Log.LogEndOffset}, high watermark {replica.Log.HighWatermark}, leader "
                + $"{registration.Leader} ends at {leader.Log.LogEndOffset}, {leader.Log.HighWatermark}";
    }

    private static Partition? Find(ClusterMachine machine, TopicImage topic, int partitionIndex) =>
        machine.Partitions.FirstOrDefault(partition =>
            partition.TopicId == topic.Id && partition.TopicPartition.Partition == partitionIndex);
}
