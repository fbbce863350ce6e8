using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;

namespace KRaftSharp.Quorum.Raft;

/// <summary>What is due: deadlines, requests that may go, and when to look again.</summary>
internal sealed partial class RaftReplica
{
    /// <summary>How long a leader waits for a voter's fetch before it tells it of the epoch again.</summary>
    private long BeginIntervalMs => Math.Max(_settings.FetchTimeoutMs / 2, 1);

    /// <summary>
    /// A replica that the newest voter set leaves out may be the only one that has that set: until it is committed the
    /// others may need it as a leader, though it has no vote itself (Ongaro's thesis, 4.2.2).
    /// </summary>
    private bool CanLead => _isVoter || (_log.Voters.Offset is { } left && left >= _highWatermark
        && _log.Voters.At(left).Voters?.IsVoter(_self) == true);

    private bool MayStandForElection => CanLead && !_isShuttingDown && _election.Epoch < int.MaxValue;

    private void Poll(long nowMs)
    {
        // A change of role may make something else due at once, but never in a circle.
        RaftRole polled;
        do
        {
            polled = _role;
            PollRole(nowMs);
        }
        while (polled != _role);

        // The successor may be elected before everybody has heard that this one resigned.
        if (_isShuttingDown && _role != RaftRole.Leader
            && (_role != RaftRole.Resigned || _endPending.Count == 0 || nowMs >= _roleDeadlineMs))
        {
            CompleteShutdown();
        }
    }

    private void PollRole(long nowMs)
    {
        switch (_role)
        {
            case RaftRole.Unattached:
                PollUnattached(nowMs);
                break;
            case RaftRole.Prospective:
                PollElection(nowMs, isPreVote: true);
                break;
            case RaftRole.Candidate:
                PollElection(nowMs, isPreVote: false);
                break;
            case RaftRole.Leader:
                PollLeader(nowMs);
                break;
            case RaftRole.Follower:
                PollFollower(nowMs, _follower!);
                break;
            case RaftRole.Resigned:
                PollResigned(nowMs);
                break;
        }
    }

    private void PollUnattached(long nowMs)
    {
        if (nowMs >= ElectionDueMs(_roleDeadlineMs) && MayStandForElection)
        {
            BecomeProspective(nowMs, "no leader");
            return;
        }

        foreach ((int peer, PeerSlot slot) in _fetch)
        {
            if (slot.MaySend(nowMs))
            {
                Send(slot, peer, NextFetch(maxWaitMs: 0));
            }
        }
    }

    private void PollElection(long nowMs, bool isPreVote)
    {
        if (_tally!.IsWon)
        {
            ConcludeElection(nowMs);
        }
        else if (nowMs >= _roleDeadlineMs)
        {
            if (isPreVote)
            {
                LosePreVote(nowMs, _timing.Backoff(_failedElections++), "too few answered");
            }
            else
            {
                LoseElection(nowMs, _timing.Backoff(_failedElections++), "too few answered");
            }
        }
        else
        {
            foreach (Voter voter in _voters.All)
            {
                if (voter.Id != _self.Id && _tally.IsOpen(voter.Id) && _control[voter.Id].MaySend(nowMs))
                {
                    Send(_control[voter.Id], voter.Id,
                        new RaftRequest.Vote(_election.Epoch, _self, voter.Key, LogEnd, isPreVote));
                }
            }
        }
    }

    private void PollLeader(long nowMs)
    {
        LeaderProgress leader = _leader!;
        AdvanceLeaderHighWatermark(nowMs);
        if (PollVoterChange(nowMs))
        {
            return;
        }

        if (_parked.Exists(parked => nowMs >= parked.DeadlineMs))
        {
            AnswerParked(nowMs);
        }

        if (nowMs >= leader.CheckQuorumDeadlineMs())
        {
            BecomeResigned(nowMs, "no majority fetches any more");
            return;
        }

        foreach ((int peer, ReplicaProgress progress) in leader.OtherVoters)
        {
            if (peer != _self.Id && nowMs >= progress.NextBeginMs && _control[peer].MaySend(nowMs))
            {
                Send(_control[peer], peer, new RaftRequest.BeginEpoch(_self.Id, _election.Epoch, progress.Key));
            }
        }
    }

    private void PollFollower(long nowMs, FollowerState follower)
    {
        if (nowMs >= follower.FetchDeadlineMs && !CanLead)
        {
            BecomeUnattached(nowMs, _election.Epoch, "the leader is silent");
            return;
        }

        if (MayStandForElection
            && (nowMs >= follower.FetchDeadlineMs || nowMs >= ElectionDueMs(follower.ElectionAtMs)))
        {
            BecomeProspective(nowMs, follower.LeaderGone ? "the leader is gone" : "the leader is silent");
            return;
        }

        PollVoterUpdate(nowMs, follower);
        PeerSlot slot = _fetch[follower.LeaderId];
        if (!slot.MaySend(nowMs))
        {
            return;
        }

        if (follower.Snapshot is { } snapshot)
        {
            if (!follower.IsSnapshotBusy)
            {
                Send(slot, follower.LeaderId, new RaftRequest.FetchSnapshot(
                    _self, _election.Epoch, snapshot, follower.SnapshotPosition));
            }
        }
        else if (!_isLogBusy && _flushedEnd >= _log.EndOffset)
        {
            // What is asked for next acknowledges everything before it, so that must be durable.
            Send(slot, follower.LeaderId, NextFetch(_settings.FetchMaxWaitMs));
        }
    }

    private void PollResigned(long nowMs)
    {
        if (nowMs >= _roleDeadlineMs)
        {
            if (!_isShuttingDown)
            {
                BecomeUnattached(nowMs, _election.Epoch, "nobody else was elected");
            }

            return;
        }

        foreach ((int peer, PeerSlot slot) in _control)
        {
            if (_endPending.Contains(peer) && slot.MaySend(nowMs))
            {
                Send(slot, peer, new RaftRequest.EndEpoch(_self.Id, _election.Epoch, _successors));
            }
        }
    }

    private RaftRequest.Fetch NextFetch(int maxWaitMs) => new(
        _self, _election.Epoch, Math.Min(_flushedEnd, _log.EndOffset), _log.LastEpoch, _highWatermark, maxWaitMs);

    private long ElectionDueMs(long deadlineMs) => Math.Max(deadlineMs, _quietUntilMs);

    private long NextDeadline(long nowMs)
    {
        if (_isShutDown)
        {
            return long.MaxValue;
        }

        long next = _role switch
        {
            RaftRole.Unattached when MayStandForElection => ElectionDueMs(_roleDeadlineMs),
            RaftRole.Follower when MayStandForElection =>
                Math.Min(_follower!.FetchDeadlineMs, ElectionDueMs(_follower.ElectionAtMs)),
            RaftRole.Follower => CanLead ? long.MaxValue : _follower!.FetchDeadlineMs,
            RaftRole.Leader => LeaderDeadline(),
            RaftRole.Unattached => long.MaxValue,
            RaftRole.Candidate when _tally!.IsWon => long.MaxValue, // only its own vote is not durable yet
            _ => _roleDeadlineMs,
        };

        next = Math.Min(next, VoterUpdateDeadline());

        // Only those that the role uses are ever beyond now: all were reset when it was entered.
        foreach (PeerSlot slot in _control.Values)
        {
            next = slot.IsIdle && slot.NotBeforeMs > nowMs ? Math.Min(next, slot.NotBeforeMs) : next;
        }

        foreach (PeerSlot slot in _fetch.Values)
        {
            next = slot.IsIdle && slot.NotBeforeMs > nowMs ? Math.Min(next, slot.NotBeforeMs) : next;
        }

        return next;
    }

    private long LeaderDeadline()
    {
        long next = Math.Min(_leader!.CheckQuorumDeadlineMs(), _pendingChange?.DeadlineMs ?? long.MaxValue);
        foreach ((int peer, ReplicaProgress progress) in _leader.OtherVoters)
        {
            if (peer != _self.Id && _control[peer].IsIdle)
            {
                next = Math.Min(next, Math.Max(progress.NextBeginMs, _control[peer].NotBeforeMs));
            }
        }

        foreach (ParkedFetch parked in _parked)
        {
            next = Math.Min(next, parked.DeadlineMs);
        }

        return next;
    }
}
