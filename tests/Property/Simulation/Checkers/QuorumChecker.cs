namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>The Quorum section of INVARIANTS.md, as far as epochs, leaders and watermarks tell.</summary>
internal sealed class QuorumChecker(int voterCount, Violations violations)
{
    private readonly Dictionary<int, int> _leaderOfEpoch = [];
    private readonly Dictionary<int, RaftView> _last = [];

    /// <summary>Looks at a running node; those that are down count with what they last had.</summary>
    public void Check(RaftView now)
    {
        if (_last.TryGetValue(now.NodeId, out RaftView? before))
        {
            violations.Require(now.Epoch >= before.Epoch, "epoch never decreases", () => $"{before}, then {now}");
            violations.Require(
                now.Life != before.Life || now.HighWatermark >= before.HighWatermark,
                "high watermark never decreases",
                () => $"{before}, then {now}");
            violations.Require(
                now.Epoch != before.Epoch || before.LeaderId < 0 || now.LeaderId < 0 || now.LeaderId == before.LeaderId,
                "at most one leader in an epoch",
                () => $"{before}, then {now}");
        }

        violations.Require(
            now.LogStartOffset <= now.LogEndOffset && now.HighWatermark <= now.LogEndOffset,
            "log start <= high watermark <= log end",
            now.ToString);
        if (now.IsLeader)
        {
            CheckLeader(now);
        }

        _last[now.NodeId] = now;
    }

    private void CheckLeader(RaftView leader)
    {
        if (!_leaderOfEpoch.TryAdd(leader.Epoch, leader.NodeId))
        {
            int other = _leaderOfEpoch[leader.Epoch];
            violations.Require(
                other == leader.NodeId,
                "at most one leader in an epoch",
                () => $"{other} and {leader.NodeId} in epoch {leader.Epoch}");
        }

        if (leader.HighWatermark > leader.LogStartOffset)
        {
            CheckHolders(leader);
        }
    }

    private void CheckHolders(RaftView leader)
    {
        int holders = _last.Values.Count(view => view.NodeId != leader.NodeId
            && leader.Voters?.Contains(view.NodeId) != false && view.LogEndOffset >= leader.HighWatermark);
        int voters = leader.Voters?.Count ?? voterCount;
        // A set that was appended this moment may be one larger than the one that held the high watermark; RaftNet,
        // which looks into the replica, knows exactly.
        int others = leader.Voters is null ? voters / 2 : (voters / 2) - 1;
        violations.Require(
            holders >= others,
            "a majority of voters holds everything below the leader's high watermark",
            () => $"{leader}, others {string.Join("; ", _last.Values.Where(view => view.NodeId != leader.NodeId))}");
    }
}
