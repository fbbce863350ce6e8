using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// Finds the change that a partition needs: leader, ISR, eligible leader replicas, recovery state, and the end of a
/// reassignment.
/// </summary>
/// <remarks>
/// With eligible leader replicas (KIP-966) who leaves an ISR that is smaller than min.insync.replicas stays eligible:
/// the high watermark does not move under that size, so it has all that was acknowledged. Without them the last member
/// of an ISR stays in it, whatever happens to it. A new leader always gets a new leader epoch, and so does a leader
/// whose replicas became fewer; a smaller ISR only before metadata version 3.6-IV0.
/// </remarks>
internal sealed class PartitionChangeBuilder(
    PartitionContext context, int partitionId, PartitionRegistration partition, Func<int, bool> mayLead)
{
    private List<int> _isr = [];
    private List<int> _elr = [];
    private List<int> _replicas = [];
    private List<int> _removing = [];
    private List<int> _adding = [];

    public Election Election { get; init; } = context.AllowsUnclean ? Election.Unclean : Election.Online;

    /// <summary>The ISR that is wanted; what it is now unless set.</summary>
    public IReadOnlyList<int> TargetIsr { get; init; } = partition.Isr;

    public IReadOnlyList<int> TargetReplicas { get; init; } = partition.Replicas;

    public IReadOnlyList<int> TargetRemoving { get; init; } = partition.RemovingReplicas;

    public IReadOnlyList<int> TargetAdding { get; init; } = partition.AddingReplicas;

    public LeaderRecoveryState TargetRecoveryState { get; init; } = partition.LeaderRecoveryState;

    /// <summary>A broker that may have lost what it had: it is not eligible any more.</summary>
    public int? UncleanShutdown { get; init; }

    /// <summary>The change, or null when there is nothing to change.</summary>
    public VersionedRecord? Build()
    {
        PartitionChangeRecord record = new() { TopicId = context.TopicId, PartitionId = partitionId };
        CompleteReassignment();
        _elr = TargetElr();
        bool isUnclean = Elect(record);
        if (record.Leader == PartitionRegistration.NoLeaderChange && partition.Replicas.Except(_replicas).Any())
        {
            record.Leader = partition.Leader;
        }

        if (isUnclean || !context.HasElr)
        {
            _elr = [];
        }

        if (!_elr.SequenceEqual(partition.Elr))
        {
            record.EligibleLeaderReplicas = _elr;
        }

        if ((_isr.Count > 0 || context.HasElr) && !_isr.SequenceEqual(partition.Isr))
        {
            record.Isr = _isr;
        }

        if (context.Version.IsLeaderEpochBumpRequiredOnIsrShrink
            && record.Leader == PartitionRegistration.NoLeaderChange
            && record.Isr is not null && partition.Isr.Except(record.Isr).Any())
        {
            record.Leader = partition.Leader;
        }

        RememberLastLeader(record);
        SetAssignment(record);
        LeaderRecoveryState recovery = isUnclean ? LeaderRecoveryState.Recovering : TargetRecoveryState;
        if (recovery != partition.LeaderRecoveryState)
        {
            record.LeaderRecoveryState = (sbyte)recovery;
        }

        return IsNothing(record) ? null : new VersionedRecord(record, context.Version.PartitionChangeRecordVersion);
    }

    private static bool IsNothing(PartitionChangeRecord record) =>
        record.Leader == PartitionRegistration.NoLeaderChange && record.Isr is null
        && record.EligibleLeaderReplicas is null && record.LastKnownElr is null && record.Replicas is null
        && record.RemovingReplicas is null && record.AddingReplicas is null && record.LeaderRecoveryState < 0
        && record.Directories is null;

    /// <summary>A reassignment ends when all that are to stay are in the ISR (KIP-455).</summary>
    private void CompleteReassignment()
    {
        (_isr, _replicas) = ([.. TargetIsr], [.. TargetReplicas]);
        (_removing, _adding) = ([.. TargetRemoving], [.. TargetAdding]);
        if (_removing.Count == 0 && _adding.Count == 0)
        {
            return;
        }

        List<int> isr = [.. _isr.Except(_removing)];
        List<int> replicas = [.. _replicas.Except(_removing)];
        if (isr.Count > 0 && replicas.Count > 0 && replicas.TrueForAll(isr.Contains))
        {
            (_isr, _replicas, _removing, _adding) = (isr, replicas, [], []);
        }
    }

    private List<int> TargetElr() => !context.HasElr || _isr.Count >= context.MinIsr
        ? []
        :
        [
            .. partition.Elr.Union(partition.Isr)
                .Where(replica => !_isr.Contains(replica) && _replicas.Contains(replica) && replica != UncleanShutdown)
                .Order(),
        ];

    /// <summary>Chooses the leader; true when it may lack what was acknowledged.</summary>
    private bool Elect(PartitionChangeRecord record)
    {
        (int leader, bool isUnclean) = Choose();
        if (leader == partition.Leader)
        {
            return false;
        }

        record.Leader = leader;
        if (isUnclean || _elr.Contains(leader))
        {
            _isr = [leader];
            _elr.Remove(leader);
        }

        return isUnclean;
    }

    private (int Leader, bool IsUnclean) Choose()
    {
        if (Election == Election.Preferred && IsValidLeader(_replicas[0]))
        {
            return (_replicas[0], false);
        }

        if (IsValidLeader(partition.Leader))
        {
            return (partition.Leader, false);
        }

        foreach (int replica in _replicas)
        {
            if (IsValidLeader(replica))
            {
                return (replica, false);
            }
        }

        // Nobody is known to have everything. Who led last lacks least.
        if (context.HasElr && _isr.Count == 0 && _elr.Count == 0 && partition.LastKnownElr is [var last]
            && mayLead(last))
        {
            return (last, true);
        }

        if (Election == Election.Unclean)
        {
            foreach (int replica in _replicas)
            {
                if (mayLead(replica))
                {
                    return (replica, true);
                }
            }
        }

        return (PartitionRegistration.NoLeader, false);
    }

    private bool IsValidLeader(int replica) =>
        (_isr.Contains(replica) || (_isr.Count == 0 && _elr.Contains(replica))) && mayLead(replica);

    /// <summary>Who led when the ISR became empty is remembered until there is a leader again.</summary>
    private void RememberLastLeader(PartitionChangeRecord record)
    {
        if (!context.HasElr)
        {
            if (partition.LastKnownElr.Length > 0)
            {
                record.LastKnownElr = [];
            }

            return;
        }

        bool hasLeader = record.Leader == PartitionRegistration.NoLeaderChange
            ? partition.HasLeader
            : record.Leader != PartitionRegistration.NoLeader;
        if (hasLeader)
        {
            if (partition.LastKnownElr.Length > 0)
            {
                record.LastKnownElr = [];
            }
        }
        else if (record.Isr is [])
        {
            // A leader that was gone before the last member left cannot be asked for: then that member it is.
            int last = partition.HasLeader ? partition.Leader
                : partition.LastKnownElr is [var known] ? known : partition.Isr[^1];
            if (partition.LastKnownElr is not [var same] || same != last)
            {
                record.LastKnownElr = [last];
            }
        }
    }

    private void SetAssignment(PartitionChangeRecord record)
    {
        bool isMoved = !_replicas.SequenceEqual(partition.Replicas);
        if (isMoved)
        {
            record.Replicas = _replicas;
        }

        if (isMoved && context.Version.IsDirectoryAssignmentSupported)
        {
            record.Directories =
            [
                .. _replicas.Select(replica => partition.Replicas.Contains(replica)
                    ? partition.DirectoryOf(replica)
                    : context.DefaultDirectory(replica)),
            ];
        }

        if (!_removing.SequenceEqual(partition.RemovingReplicas))
        {
            record.RemovingReplicas = _removing;
        }

        if (!_adding.SequenceEqual(partition.AddingReplicas))
        {
            record.AddingReplicas = _adding;
        }
    }
}
