using KRaftSharp.Log.Assertions;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>All changes of role, in one place.</summary>
internal sealed partial class RaftReplica
{
    private void BecomeUnattached(long nowMs, int epoch, string reason)
    {
        ElectionState next = epoch == _election.Epoch
            ? _election with { LeaderId = null }
            : new ElectionState(epoch, null, null);
        Enter(nowMs, RaftRole.Unattached, next, reason);
        _roleDeadlineMs = CanLead ? nowMs + _timing.Election() : long.MaxValue;
    }

    private void BecomeProspective(long nowMs, string reason)
    {
        Enter(nowMs, RaftRole.Prospective, _election, reason);
        _tally = new ElectionTally(_voters, _self);
        _roleDeadlineMs = nowMs + _timing.Election();
    }

    private void BecomeCandidate(long nowMs)
    {
        ElectionState next = new(checked(_election.Epoch + 1), null, _self);
        Enter(nowMs, RaftRole.Candidate, next, "a majority would vote for it");
        _tally = new ElectionTally(_voters, _self);
        _roleDeadlineMs = nowMs + _timing.Election();
    }

    private void BecomeLeader(long nowMs)
    {
        Invariant.Require(_role == RaftRole.Candidate, "only a candidate becomes leader", _role, _election);
        int[] granting = [.. _tally!.Granted];
        Enter(nowMs, RaftRole.Leader, _election with { LeaderId = _self.Id }, "elected");
        _failedElections = 0;
        _leader = new LeaderProgress(_voters, _self, _log.EndOffset, nowMs, _settings.FetchTimeoutMs)
        {
            Planted = _settings.Planted,
        };
        _isLogBusy = true;
        _effects.Add(new RaftEffect.AppendLeaderChange(
            _election.Epoch, [.. _voters.All.Select(voter => voter.Id)], granting, VotersAtEpochStart()));
        _effects.Add(new RaftEffect.LeaderChanged(_election.Leader, _log.EndOffset));
    }

    private void BecomeFollower(long nowMs, int epoch, int leaderId, string reason)
    {
        ElectionState next = epoch == _election.Epoch
            ? _election with { LeaderId = leaderId }
            : new ElectionState(epoch, leaderId, null);
        Enter(nowMs, RaftRole.Follower, next, reason);
        _follower = new FollowerState(leaderId, nowMs + _settings.FetchTimeoutMs)
        {
            NextVoterUpdateMs = nowMs + _settings.FetchTimeoutMs,
        };
        MakeSlots();
    }

    private void BecomeResigned(long nowMs, string reason)
    {
        IReadOnlyList<ReplicaKey> successors = _leader!.Successors();
        Enter(nowMs, RaftRole.Resigned, _election with { LeaderId = null }, reason);
        _roleDeadlineMs = nowMs + _timing.Election();
        _successors = successors;
        _endPending.UnionWith(_control.Keys);
    }

    /// <summary>Takes over epoch and leader of another replica, where they are news.</summary>
    /// <returns>False when they contradict what this replica knows: two leaders in one epoch.</returns>
    private bool Learn(long nowMs, LeaderAndEpoch news, PeerEndpoint? endpoint, string reason)
    {
        if (news.Epoch < _election.Epoch)
        {
            return true;
        }

        int? leader = news.LeaderId is { } id && IsReachable(id, endpoint) ? id : null;
        if (news.Epoch == _election.Epoch && leader is not null && _election.LeaderId != leader
            && (_election.LeaderId is not null || _role is RaftRole.Leader or RaftRole.Resigned))
        {
            return false;
        }

        if (leader is { } reachable && endpoint is { } where)
        {
            _leaderEndpoint = where with { NodeId = reachable };
        }

        if (news.Epoch == _election.Epoch && (leader is null || leader == _election.LeaderId))
        {
            return true;
        }

        if (leader is { } elected)
        {
            BecomeFollower(nowMs, news.Epoch, elected, reason);
        }
        else
        {
            BecomeUnattached(nowMs, news.Epoch, reason);
        }

        return true;
    }

    private void Enter(long nowMs, RaftRole role, ElectionState next, string reason)
    {
        Invariant.Require(next.Epoch >= _election.Epoch, "epochs never decrease", _election, next);
        Invariant.Require(
            next.Epoch > _election.Epoch || _election.LeaderId is null || next.LeaderId is null
                || next.LeaderId == _election.LeaderId,
            "at most one leader in an epoch", _election, next);
        LeaderAndEpoch before = _election.Leader;
        FailVoterChange();
        _effects.Add(new RaftEffect.RoleChanged(_role, role, next, reason));
        _role = role;
        _election = next;
        _tally = null;
        _leader = null;
        _follower = null;
        _endPending.Clear();
        _roleDeadlineMs = long.MaxValue;
        foreach (PeerSlot slot in _control.Values)
        {
            slot.Reset();
        }

        foreach (PeerSlot slot in _fetch.Values)
        {
            slot.Reset();
        }

        _change.Reset();
        DropParked();
        if (next.Leader != before && role != RaftRole.Leader)
        {
            _effects.Add(new RaftEffect.LeaderChanged(next.Leader, -1));
        }
    }
}
