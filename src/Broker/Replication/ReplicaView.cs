using KRaftSharp.Broker.Replication.Core;

namespace KRaftSharp.Broker.Replication;

/// <summary>A partition's role as other threads may read it; replaced as a whole at each change.</summary>
/// <param name="LeaderId">The leader's broker id; -1 when there is none.</param>
/// <param name="EpochStartOffset">Where this leader's term starts; 0 on a follower.</param>
/// <param name="Isr">The committed in-sync replicas.</param>
public sealed record ReplicaView(
    PartitionRole Role,
    int LeaderId,
    int LeaderEpoch,
    int PartitionEpoch,
    long EpochStartOffset,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr)
{
    internal static ReplicaView None { get; } = new(PartitionRole.None, -1, -1, -1, 0, [], []);

    internal static ReplicaView Of(PartitionState state) => new(
        state.Role,
        state.LeaderId,
        state.LeaderEpoch,
        state.PartitionEpoch,
        state.Role == PartitionRole.Leader ? state.EpochStartOffset : 0,
        [.. state.Replicas],
        [.. state.Isr]);

    public bool IsLeader => Role == PartitionRole.Leader;

    internal bool HasReplica(int brokerId)
    {
        for (int i = 0; i < Replicas.Count; i++)
        {
            if (Replicas[i] == brokerId)
            {
                return true;
            }
        }

        return false;
    }
}
