namespace KRaftSharp.Broker.Replication.Core;

/// <summary>What a metadata record says of one partition, as far as replication needs it.</summary>
/// <param name="LeaderId">The leader's broker id; -1 when there is none.</param>
/// <param name="Replicas">All replicas, the local one included.</param>
/// <param name="Isr">The committed in-sync replicas.</param>
public sealed record PartitionAssignment(
    int LeaderId,
    int LeaderEpoch,
    int PartitionEpoch,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr);
