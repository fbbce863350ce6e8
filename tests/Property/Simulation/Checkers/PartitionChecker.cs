namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>The Partition section of INVARIANTS.md, as far as offsets and epochs of running replicas tell.</summary>
internal sealed class PartitionChecker(Violations violations)
{
    private readonly Dictionary<(string Partition, int Epoch), int> _leaders = [];
    private readonly Dictionary<(int NodeId, string Partition), PartitionView> _last = [];

    public void Check(PartitionView now)
    {
        violations.Require(
            now.LogStartOffset <= now.HighWatermark && now.HighWatermark <= now.LogEndOffset,
            "log start <= high watermark <= log end",
            now.ToString);
        if (now.IsLeader && !_leaders.TryAdd((now.Partition, now.LeaderEpoch), now.NodeId))
        {
            int other = _leaders[(now.Partition, now.LeaderEpoch)];
            violations.Require(
                other == now.NodeId,
                "at most one leader of a partition in an epoch",
                () => $"{other} and {now.NodeId} for {now.Partition} in epoch {now.LeaderEpoch}");
        }

        if (_last.TryGetValue((now.NodeId, now.Partition), out PartitionView? before) && before.Life == now.Life)
        {
            violations.Require(
                now.LeaderEpoch >= before.LeaderEpoch, "leader epochs only grow", () => $"{before}, then {now}");
            bool sameTerm = before.LeaderEpoch == now.LeaderEpoch && before.IsLeader && now.IsLeader;
            violations.Require(
                !sameTerm || now.HighWatermark >= before.HighWatermark,
                "the high watermark never decreases in a leader's term",
                () => $"{before}, then {now}");
            violations.Require(
                !sameTerm || now.LogEndOffset >= before.LogEndOffset,
                "a leader never truncates its own log",
                () => $"{before}, then {now}");
        }

        _last[(now.NodeId, now.Partition)] = now;
    }

    /// <summary>
    /// Looks at an acknowledgement with acks=all when it is given: so many replicas must hold the record, those that
    /// are
    /// down by now included.
    /// </summary>
    public void CheckAcknowledged(string partition, long lastOffset, int minInsyncReplicas)
    {
        int holders = _last.Count(entry => entry.Key.Partition == partition && entry.Value.LogEndOffset > lastOffset);
        violations.Require(
            holders >= minInsyncReplicas,
            "no acknowledgement while the ISR is smaller than min.insync.replicas",
            () => $"{partition} offset {lastOffset} is on {holders} replicas");
    }
}
