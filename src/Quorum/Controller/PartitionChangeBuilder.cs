using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Finds the change that a partition needs: its leader, its ISR and its recovery state.</summary>
/// <remarks>
/// The last member of an ISR stays in it, whatever happens to it: it alone has everything that was acknowledged.
/// A new leader always gets a new leader epoch; a smaller ISR only before metadata version 3.6-IV0.
/// </remarks>
internal sealed class PartitionChangeBuilder(
    Uuid topicId,
    int partitionId,
    PartitionRegistration partition,
    MetadataVersion version,
    Func<int, bool> mayLead)
{
    public Election Election { get; init; } = Election.Online;

    /// <summary>The ISR that is wanted; what it is now unless set.</summary>
    public IReadOnlyList<int> TargetIsr { get; init; } = partition.Isr;

    public LeaderRecoveryState TargetRecoveryState { get; init; } = partition.LeaderRecoveryState;

    /// <summary>The change, or null when there is nothing to change.</summary>
    public VersionedRecord? Build()
    {
        PartitionChangeRecord record = new() { TopicId = topicId, PartitionId = partitionId };
        IReadOnlyList<int> isr = TargetIsr;
        LeaderRecoveryState recovery = TargetRecoveryState;
        (int leader, bool isUnclean) = Elect();
        if (leader != partition.Leader)
        {
            record.Leader = leader;
            if (isUnclean)
            {
                isr = [leader];
                recovery = LeaderRecoveryState.Recovering;
            }
        }

        if (isr.Count > 0 && !isr.SequenceEqual(partition.Isr))
        {
            record.Isr = [.. isr];
        }

        if (version.IsLeaderEpochBumpRequiredOnIsrShrink && record.Leader == PartitionRegistration.NoLeaderChange
            && record.Isr is not null && partition.Isr.Except(record.Isr).Any())
        {
            record.Leader = partition.Leader;
        }

        if (recovery != partition.LeaderRecoveryState)
        {
            record.LeaderRecoveryState = (sbyte)recovery;
        }

        bool changes = record.Leader != PartitionRegistration.NoLeaderChange || record.Isr is not null
            || record.LeaderRecoveryState >= 0;
        return changes ? new VersionedRecord(record, version.PartitionChangeRecordVersion) : null;
    }

    private (int Leader, bool IsUnclean) Elect()
    {
        if (Election == Election.Preferred && IsValidLeader(partition.PreferredReplica))
        {
            return (partition.PreferredReplica, false);
        }

        if (IsValidLeader(partition.Leader))
        {
            return (partition.Leader, false);
        }

        foreach (int replica in partition.Replicas)
        {
            if (IsValidLeader(replica))
            {
                return (replica, false);
            }
        }

        if (Election == Election.Unclean)
        {
            foreach (int replica in partition.Replicas)
            {
                if (mayLead(replica))
                {
                    return (replica, true);
                }
            }
        }

        return (PartitionRegistration.NoLeader, false);
    }

    // An empty target leaves the ISR as it is, so its members are still the ones to choose from.
    private bool IsValidLeader(int replica) =>
        (TargetIsr.Count > 0 ? TargetIsr.Contains(replica) : partition.Isr.Contains(replica)) && mayLead(replica);
}
