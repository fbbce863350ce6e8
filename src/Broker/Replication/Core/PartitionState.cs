using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Core;

/// <summary>
/// The replication state of one partition on one node: role, ISR, progress of the other replicas, high watermark.
/// Decides only; the caller appends, truncates, asks the controller and tells who waits.
/// </summary>
/// <remarks>
/// Pure: no clock, no file, no lock. The rules are Kafka's (KIP-392, 497, 841, 903, 966): while a change of the ISR is
/// under way, the high watermark is computed over the larger of the two sets, because the controller may have committed
/// either. A caught-up replica that is about to join counts too, else it could never catch up with a moving end.
/// </remarks>
internal sealed class PartitionState(int localId, long lagTimeMaxMs, IReplicaEligibility eligibility)
{
    private readonly SortedDictionary<int, ReplicaProgress> _others = [];
    private int[] _replicas = [];
    private int[] _isr = [];
    private int[] _maximalIsr = [];

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    public PartitionRole Role { get; private set; }

    /// <summary>-1 when the partition has no leader.</summary>
    public int LeaderId { get; private set; } = -1;

    public int LeaderEpoch { get; private set; } = -1;

    public int PartitionEpoch { get; private set; } = -1;

    /// <summary>Where the leader's term starts in its log; only meaningful on a leader.</summary>
    public long EpochStartOffset { get; private set; }

    public long LogEndOffset { get; private set; }

    public long HighWatermark { get; private set; }

    /// <summary>min.insync.replicas as configured; see <see cref="EffectiveMinIsr"/>.</summary>
    public int MinIsr { get; set; } = 1;

    public IReadOnlyList<int> Replicas => _replicas;

    /// <summary>The ISR that the controller has committed, as far as this node knows.</summary>
    public IReadOnlyList<int> Isr => _isr;

    /// <summary>The committed ISR together with members that have been asked for.</summary>
    public IReadOnlyList<int> MaximalIsr => _maximalIsr;

    public IsrProposal? Pending { get; private set; }

    /// <summary>A partition with fewer replicas than min.insync.replicas asks for all of them.</summary>
    public int EffectiveMinIsr => Math.Min(MinIsr, _replicas.Length);

    /// <summary>A produce with acks=all that ends here or before may be answered.</summary>
    public long AcknowledgedEnd =>
        Planted.HasFlag(PlantedFaults.AckBeforeReplication) ? LogEndOffset : HighWatermark;

    /// <summary>What such a produce is told: too few replicas may have it by now (KIP-497's maximal ISR).</summary>
    public ErrorCode Acknowledgement =>
        EffectiveMinIsr <= MaximalIsr.Count ? ErrorCode.None : ErrorCode.NotEnoughReplicasAfterAppend;

    public bool IsUnderMinIsr => _isr.Length < EffectiveMinIsr;

    /// <summary>
    /// Takes the leader's role, or keeps it with newer metadata. Returns true when a new term starts: the caller then
    /// has assigned the epoch's start at <paramref name="logEndOffset"/>, before any append.
    /// </summary>
    public bool BecomeLeader(PartitionAssignment assignment, long logEndOffset, long highWatermark, long nowMs)
    {
        if (IsStale(assignment))
        {
            return false;
        }

        bool wasLeader = Role == PartitionRole.Leader;
        bool isNewEpoch = !wasLeader || assignment.LeaderEpoch > LeaderEpoch;
        Adopt(assignment, PartitionRole.Leader);
        if (isNewEpoch)
        {
            EpochStartOffset = logEndOffset;
            LogEndOffset = logEndOffset;
            HighWatermark = wasLeader ? HighWatermark : highWatermark;
            foreach (ReplicaProgress replica in _others.Values)
            {
                replica.Reset(nowMs, logEndOffset, !wasLeader, Array.IndexOf(_isr, replica.Id) >= 0);
            }
        }

        _ = AdvanceHighWatermark(nowMs);
        return isNewEpoch;
    }

    /// <summary>
    /// Follows, or waits for a leader. Returns true when the leader epoch is new, so that fetching starts afresh.
    /// </summary>
    public bool BecomeFollower(PartitionAssignment assignment)
    {
        if (IsStale(assignment))
        {
            return false;
        }

        bool isNewEpoch = Role != PartitionRole.Follower || assignment.LeaderEpoch > LeaderEpoch;
        Adopt(assignment, PartitionRole.Follower);
        _others.Clear();
        return isNewEpoch;
    }

    /// <summary>The partition is no longer this node's.</summary>
    public void Leave()
    {
        Role = PartitionRole.None;
        Pending = null;
        _others.Clear();
    }

    public bool IsStale(PartitionAssignment assignment) =>
        assignment.LeaderEpoch < LeaderEpoch || assignment.PartitionEpoch < PartitionEpoch;

    /// <summary>The leader appended; returns whether the high watermark moved (it does when it is alone).</summary>
    public bool Appended(long logEndOffset, long nowMs)
    {
        Invariant.Require(Role == PartitionRole.Leader, "only a leader appends of its own");
        Invariant.Require(logEndOffset >= LogEndOffset, "a leader's log only grows", logEndOffset, LogEndOffset);
        LogEndOffset = logEndOffset;
        return AdvanceHighWatermark(nowMs);
    }

    /// <summary>
    /// A follower holds everything below its fetch offset. False for one that is no replica or speaks for an
    /// earlier life of its broker.
    /// </summary>
    public bool Fetched(in FollowerFetch fetch, out bool highWatermarkMoved)
    {
        highWatermarkMoved = false;
        if (Role != PartitionRole.Leader || !_others.TryGetValue(fetch.ReplicaId, out ReplicaProgress? replica))
        {
            return false;
        }

        long before = replica.LogEndOffset;
        if (!replica.TryUpdate(fetch, LogEndOffset))
        {
            return false;
        }

        highWatermarkMoved = before != replica.LogEndOffset && AdvanceHighWatermark(fetch.TimeMs);
        return true;
    }

    /// <summary>The least log start of this replica and the living others (DeleteRecords waits for it).</summary>
    public long LowWatermark(long logStartOffset)
    {
        long low = logStartOffset;
        foreach (ReplicaProgress replica in _others.Values)
        {
            if (eligibility.IsAlive(replica.Id))
            {
                low = Math.Min(low, replica.LogStartOffset);
            }
        }

        return low;
    }

    /// <summary>
    /// Adds a replica that has reached the high watermark and this term's start; null when there is nothing to ask.
    /// The caller sends what is returned.
    /// </summary>
    public IsrProposal? ProposeExpansion(int replicaId)
    {
        if (Role != PartitionRole.Leader || Pending is not null || Array.IndexOf(_isr, replicaId) >= 0
            || !_others.TryGetValue(replicaId, out ReplicaProgress? replica)
            || LacksCommitted(replica)
            || !eligibility.MayJoinIsr(replicaId, replica.BrokerEpoch))
        {
            return null;
        }

        return Propose([.. _isr, replicaId], isExpansion: true);
    }

    /// <summary>
    /// Adds a replica that has caught up already but could not join until now: its broker was fenced. Null when there
    /// is none.
    /// </summary>
    public IsrProposal? ProposeExpansionOfAny(long nowMs)
    {
        foreach (ReplicaProgress replica in _others.Values)
        {
            if (replica.IsCaughtUp(LogEndOffset, nowMs, lagTimeMaxMs) && ProposeExpansion(replica.Id) is { } proposal)
            {
                return proposal;
            }
        }

        return null;
    }

    /// <summary>Removes the replicas that have lagged too long; null when there is nothing to ask.</summary>
    public IsrProposal? ProposeShrink(long nowMs)
    {
        if (Role != PartitionRole.Leader || Pending is not null)
        {
            return null;
        }

        int[] kept = Array.FindAll(_isr, id => id == localId
            || (_others.TryGetValue(id, out ReplicaProgress? replica)
                && replica.IsCaughtUp(LogEndOffset, nowMs, lagTimeMaxMs)));
        return kept.Length == _isr.Length ? null : Propose(kept, isExpansion: false);
    }

    /// <summary>The controller's answer to <paramref name="proposal"/>.</summary>
    public IsrVerdict Answered(IsrProposal proposal, IsrAnswer answer, long nowMs, out bool highWatermarkMoved)
    {
        highWatermarkMoved = false;
        if (!ReferenceEquals(proposal, Pending))
        {
            return IsrVerdict.Stale;
        }

        switch (answer.Error)
        {
            case ErrorCode.None:
                if (answer.LeaderEpoch != LeaderEpoch || answer.PartitionEpoch < PartitionEpoch)
                {
                    return IsrVerdict.Stale;
                }

                PartitionEpoch = answer.PartitionEpoch;
                Commit([.. answer.Isr]);
                highWatermarkMoved = AdvanceHighWatermark(nowMs);
                return IsrVerdict.Applied;
            case ErrorCode.IneligibleReplica or ErrorCode.OperationNotAttempted:
                Commit(_isr);
                highWatermarkMoved = AdvanceHighWatermark(nowMs);
                return IsrVerdict.Withdrawn;
            case ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId or ErrorCode.InvalidUpdateVersion
                or ErrorCode.FencedLeaderEpoch or ErrorCode.NewLeaderElected or ErrorCode.InvalidRequest:
                // Newer metadata is on its way and will replace the proposal; until then it may have been committed.
                return IsrVerdict.Stale;
            default:
                return IsrVerdict.Retry;
        }
    }

    /// <summary>Looks again, after time has passed or a broker was fenced; returns whether it moved.</summary>
    public bool AdvanceHighWatermark(long nowMs)
    {
        if (Role != PartitionRole.Leader || IsUnderMinIsr)
        {
            return false;
        }

        long candidate = LogEndOffset;
        foreach (ReplicaProgress replica in _others.Values)
        {
            if (replica.LogEndOffset < candidate && HoldsBack(replica, nowMs))
            {
                candidate = replica.LogEndOffset;
            }
        }

        if (candidate <= HighWatermark)
        {
            return false;
        }

        Invariant.Require(
            candidate <= LogEndOffset, "a high watermark is at most the log's end", candidate, LogEndOffset);
        HighWatermark = candidate;
        return true;
    }

    private bool LacksCommitted(ReplicaProgress replica) => !Planted.HasFlag(PlantedFaults.EarlyIsrExpansion)
        && (replica.LogEndOffset < HighWatermark || replica.LogEndOffset < EpochStartOffset);

    private bool HoldsBack(ReplicaProgress replica, long nowMs) =>
        Array.IndexOf(_maximalIsr, replica.Id) >= 0
        || (replica.IsCaughtUp(LogEndOffset, nowMs, lagTimeMaxMs)
            && eligibility.MayJoinIsr(replica.Id, replica.BrokerEpoch));

    private void Adopt(PartitionAssignment assignment, PartitionRole role)
    {
        Invariant.Require(
            assignment.LeaderEpoch >= LeaderEpoch && assignment.PartitionEpoch >= PartitionEpoch,
            "leader and partition epochs never decrease", LeaderEpoch, assignment);
        bool isNewer = assignment.PartitionEpoch > PartitionEpoch || assignment.LeaderEpoch > LeaderEpoch;
        Role = role;
        LeaderId = assignment.LeaderId;
        LeaderEpoch = assignment.LeaderEpoch;
        PartitionEpoch = assignment.PartitionEpoch;
        _replicas = [.. assignment.Replicas];
        if (isNewer || Pending is null)
        {
            Commit([.. assignment.Isr]);
        }

        foreach (int gone in _others.Keys.Where(id => Array.IndexOf(_replicas, id) < 0).ToArray())
        {
            _others.Remove(gone);
        }

        foreach (int id in _replicas.Where(id => id != localId && role == PartitionRole.Leader))
        {
            _others.TryAdd(id, new ReplicaProgress(id));
        }
    }

    private IsrProposal Propose(int[] isr, bool isExpansion)
    {
        (int, long)[] members = Array.ConvertAll(isr, id => (id, EpochOf(id)));
        Pending = new IsrProposal(LeaderEpoch, PartitionEpoch, members, isExpansion);
        _maximalIsr = isExpansion ? isr : _isr;
        return Pending;
    }

    private long EpochOf(int brokerId)
    {
        if (brokerId == localId)
        {
            return eligibility.LocalBrokerEpoch;
        }

        return _others.TryGetValue(brokerId, out ReplicaProgress? replica) ? replica.BrokerEpoch ?? -1 : -1;
    }

    private void Commit(int[] isr)
    {
        Invariant.Require(
            Array.TrueForAll(isr, id => Array.IndexOf(_replicas, id) >= 0), "who is in an ISR is a replica",
            string.Join(' ', isr), string.Join(' ', _replicas));
        Pending = null;
        _isr = isr;
        _maximalIsr = isr;
    }
}
