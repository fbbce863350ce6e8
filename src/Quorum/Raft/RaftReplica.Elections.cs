using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Votes, pre-votes, and the news of an epoch's begin and end.</summary>
internal sealed partial class RaftReplica
{
    private LogPoint LogEnd => new(_log.LastEpoch, _log.EndOffset);

    private void OnVote(long nowMs, object token, RaftRequest.Vote request)
    {
        ErrorCode error = Validate(request);
        if (error != ErrorCode.None)
        {
            Respond(token, new RaftReply.Vote(error, _election.Leader, false));
            return;
        }

        if (request.Epoch > _election.Epoch)
        {
            BecomeUnattached(nowMs, request.Epoch, "a candidate of a later epoch");
        }

        bool granted = request.IsPreVote ? CanGrantPreVote(request) : CanGrantVote(request);
        if (granted && request.IsPreVote)
        {
            YieldTo(nowMs, request);
        }
        else if (granted)
        {
            Vote(nowMs, request.Candidate);
        }

        Respond(token, new RaftReply.Vote(ErrorCode.None, _election.Leader, granted));
    }

    private ErrorCode Validate(RaftRequest.Vote request)
    {
        bool isLogPossible = request.LogEnd is { Epoch: >= 0, EndOffset: >= 0 } && (request.IsPreVote
            ? request.LogEnd.Epoch <= request.Epoch
            : request.LogEnd.Epoch < request.Epoch);
        if (!isLogPossible || request.Epoch < 0 || request.Candidate.Id < 0 || request.Candidate.Id == _self.Id)
        {
            return ErrorCode.InvalidRequest;
        }

        if (request.Epoch < _election.Epoch)
        {
            return ErrorCode.FencedLeaderEpoch;
        }

        // Who votes is the candidate's to know: this replica's log may lack the newest voter set (KIP-853).
        return request.Target is { } target && !target.Matches(_self) ? ErrorCode.InvalidVoterKey : ErrorCode.None;
    }

    // A replica that hears from its leader protects it (KIP-996), unless it found out itself that the leader is gone.
    private bool CanGrantPreVote(RaftRequest.Vote request) => request.LogEnd >= LogEnd && _role switch
    {
        RaftRole.Leader => false,
        RaftRole.Follower => !_follower!.HasFetched || _follower.LeaderGone,
        _ => true,
    };

    private bool CanGrantVote(RaftRequest.Vote request) => _role is RaftRole.Unattached or RaftRole.Prospective
        && _election.LeaderId is null
        && (_election.Voted is { } voted ? voted.Matches(request.Candidate) : request.LogEnd >= LogEnd);

    private void Vote(long nowMs, ReplicaKey candidate)
    {
        if (_election.Voted is null)
        {
            BecomeUnattached(nowMs, _election.Epoch, "voted");
            _election = _election with { Voted = candidate };
        }
        else
        {
            _roleDeadlineMs = nowMs + _timing.Election();
        }
    }

    // Two that lost their leader together would split the vote: who granted steps back a little. Of two that ask each
    // other the one with the longer log goes on, else the one with the lower id.
    private void YieldTo(long nowMs, RaftRequest.Vote request)
    {
        if (_role != RaftRole.Prospective)
        {
            _quietUntilMs = Math.Max(_quietUntilMs, nowMs + _timing.Yield());
        }
        else if (request.LogEnd > LogEnd || (request.LogEnd == LogEnd && request.Candidate.Id < _self.Id))
        {
            LosePreVote(nowMs, _timing.Yield(), "another one asks first");
        }
    }

    private void OnBeginEpoch(long nowMs, object token, RaftRequest.BeginEpoch request)
    {
        ErrorCode error = ErrorCode.None;
        if (request.Epoch < _election.Epoch && _settings.Planted.HasFlag(PlantedFaults.StaleEpochs))
        {
            BecomeFollower(nowMs, request.Epoch, request.LeaderId, "planted");
        }

        if (request.Epoch < _election.Epoch)
        {
            error = ErrorCode.FencedLeaderEpoch;
        }
        else if (request.Target is { } target && !target.Matches(_self))
        {
            error = ErrorCode.InvalidVoterKey;
        }
        else if (!IsReachable(request.LeaderId, request.LeaderEndpoint) || !Learn(
            nowMs, new LeaderAndEpoch(request.LeaderId, request.Epoch), request.LeaderEndpoint, "the leader said so"))
        {
            error = ErrorCode.InvalidRequest;
        }
        else if (_role == RaftRole.Prospective && _election.LeaderId == request.LeaderId)
        {
            BecomeFollower(nowMs, request.Epoch, request.LeaderId, "the leader is well");
        }

        Respond(token, new RaftReply.Epoch(error, _election.Leader));
    }

    private void OnEndEpoch(long nowMs, object token, RaftRequest.EndEpoch request)
    {
        ErrorCode error = ErrorCode.None;
        if (request.Epoch < _election.Epoch)
        {
            error = ErrorCode.FencedLeaderEpoch;
        }
        else if (!IsReachable(request.LeaderId, request.LeaderEndpoint) || !Learn(
            nowMs, new LeaderAndEpoch(request.LeaderId, request.Epoch), request.LeaderEndpoint, "the leader resigns"))
        {
            error = ErrorCode.InvalidRequest;
        }
        else if (_follower is { } follower)
        {
            follower.LeaderGone = true;
            int position = 0;
            while (position < request.Successors.Count && !request.Successors[position].Matches(_self))
            {
                position++;
            }

            follower.ElectionAtMs = nowMs + _timing.Successor(position);
        }

        Respond(token, new RaftReply.Epoch(error, _election.Leader));
    }

    private void OnVoteReply(long nowMs, int peer, bool isPreVote, RaftReply.Vote reply)
    {
        if (_tally is null || isPreVote != (_role == RaftRole.Prospective))
        {
            return;
        }

        _tally.Record(peer, reply.Granted && reply.Error == ErrorCode.None);
        ConcludeElection(nowMs);
    }

    private void OnVoteFailed(long nowMs, int peer)
    {
        _tally?.RecordUnreachable(peer);
        ConcludeElection(nowMs);
    }

    private void ConcludeElection(long nowMs)
    {
        if (_tally is null)
        {
            return;
        }

        if (_tally.IsWon)
        {
            if (_role == RaftRole.Prospective)
            {
                BecomeCandidate(nowMs);
            }
            else if (_durable.SameVote(_election))
            {
                BecomeLeader(nowMs);
            }
        }
        else if (_tally.IsLost)
        {
            if (_role == RaftRole.Prospective)
            {
                LosePreVote(nowMs, _timing.Backoff(_failedElections++), "no majority would vote for it");
            }
            else
            {
                LoseElection(nowMs, _timing.Backoff(_failedElections++), "no majority voted for it");
            }
        }
    }

    // Back to the leader that it had, which may be well; else wait for one.
    private void LosePreVote(long nowMs, long waitMs, string reason)
    {
        _quietUntilMs = nowMs + waitMs;
        if (_election.LeaderId is { } leader)
        {
            BecomeFollower(nowMs, _election.Epoch, leader, reason);
        }
        else
        {
            BecomeUnattached(nowMs, _election.Epoch, reason);
            _roleDeadlineMs = _quietUntilMs;
        }
    }

    // The epoch stays, and so does the vote for itself in it; the next attempt starts with a pre-vote again.
    private void LoseElection(long nowMs, long waitMs, string reason)
    {
        _quietUntilMs = nowMs + waitMs;
        BecomeUnattached(nowMs, _election.Epoch, reason);
        _roleDeadlineMs = _quietUntilMs;
    }
}
