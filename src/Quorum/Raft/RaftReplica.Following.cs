using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>Answers and failures of what this replica asked, first of all as a follower.</summary>
internal sealed partial class RaftReplica
{
    private const int DiscoveryBackoffLimitMs = 250;

    private void OnReply(long nowMs, long requestId, RaftReply reply)
    {
        // A slot that still knows the request means that the role is the one which sent it.
        if (_change.Take(requestId))
        {
            OnChangeReply(nowMs, reply);
            return;
        }

        (int peer, PeerSlot? slot) = Take(requestId);
        bool wasPreVote = _role == RaftRole.Prospective;
        RaftRole role = _role;
        LeaderAndEpoch before = _election.Leader;
        bool isConsistent = Learn(nowMs, reply.Leader, reply.LeaderEndpoint, "another replica said so");
        if (slot is null || role != _role || before != _election.Leader)
        {
            return;
        }

        if (!isConsistent || reply.Leader.Epoch < _election.Epoch || IsRefusal(reply.Error))
        {
            OnRefusal(nowMs, peer, slot, reply);
            return;
        }

        slot.Succeeded();
        switch (reply)
        {
            case RaftReply.Vote vote:
                OnVoteReply(nowMs, peer, wasPreVote, vote);
                break;
            case RaftReply.Fetch fetch when _follower is not null:
                OnFetchReply(nowMs, slot, fetch);
                break;
            case RaftReply.Snapshot snapshot when _follower is not null:
                OnSnapshotReply(nowMs, slot, snapshot);
                break;
            case RaftReply.Epoch when _leader is { } leader:
                leader.OtherVoters[peer].NextBeginMs = nowMs + BeginIntervalMs;
                break;
            case RaftReply.Epoch:
                _endPending.Remove(peer);
                break;
            default:
                slot.BackOff(nowMs, _settings.RetryBackoffMs, DiscoveryBackoffLimitMs);
                break;
        }
    }

    // Snapshot errors have their own way back.
    private static bool IsRefusal(ErrorCode error) => error is not (ErrorCode.None
        or ErrorCode.SnapshotNotFound or ErrorCode.PositionOutOfRange);

    private void OnRefusal(long nowMs, int peer, PeerSlot slot, RaftReply reply)
    {
        slot.BackOff(
            nowMs, _settings.RetryBackoffMs, _follower is null ? DiscoveryBackoffLimitMs : _settings.FetchTimeoutMs);
        if (reply is RaftReply.Vote vote)
        {
            // Fenced or refused by its rules: asking again in this epoch would not change it.
            OnVoteReply(nowMs, peer, _role == RaftRole.Prospective, vote with { Granted = false });
        }
        else if (_follower is { } follower && reply.Error == ErrorCode.NotLeaderOrFollower
            && reply.Leader.Epoch == _election.Epoch)
        {
            // It led in this epoch and leads no more: it restarted, or resigned.
            OnLeaderGone(nowMs, follower);
        }
        else if (_role == RaftRole.Resigned)
        {
            _endPending.Remove(peer);
        }
    }

    private void OnFailed(long nowMs, long requestId, RpcStatus status)
    {
        if (_change.Take(requestId))
        {
            OnChangeFailed(nowMs, status);
            return;
        }

        (int peer, PeerSlot? slot) = Take(requestId);
        if (slot is null)
        {
            return;
        }

        if (status == RpcStatus.Disconnected && slot.Failures == 0)
        {
            slot.RetryAtOnce();
            return;
        }

        slot.BackOff(
            nowMs, _settings.RetryBackoffMs, _role == RaftRole.Unattached ? DiscoveryBackoffLimitMs : 1000);
        switch (_role)
        {
            case RaftRole.Prospective or RaftRole.Candidate when status == RpcStatus.Refused:
                OnVoteFailed(nowMs, peer);
                break;
            case RaftRole.Leader when status == RpcStatus.Refused:
                _leader!.OtherVoters[peer].NextBeginMs = nowMs + BeginIntervalMs;
                break;
            case RaftRole.Resigned when status == RpcStatus.Refused:
                _endPending.Remove(peer);
                break;
            case RaftRole.Follower when status == RpcStatus.Refused:
                OnLeaderGone(nowMs, _follower!);
                break;
            default:
                break;
        }
    }

    // Voters ask for an election, after a short random wait; observers look for the next leader.
    private void OnLeaderGone(long nowMs, FollowerState follower)
    {
        if (!CanLead)
        {
            BecomeUnattached(nowMs, _election.Epoch, "the leader is gone");
            return;
        }

        follower.LeaderGone = true;
        if (follower.ElectionAtMs == long.MaxValue)
        {
            follower.ElectionAtMs = nowMs + _timing.LeaderGone(_failedElections);
        }
    }

    private void OnFetchReply(long nowMs, PeerSlot slot, RaftReply.Fetch reply)
    {
        FollowerState follower = _follower!;
        OnContact(nowMs, follower);
        if (reply.Diverging is { } diverging)
        {
            TruncateTo(follower, diverging);
        }
        else if (reply.SnapshotId is { } snapshot)
        {
            if (snapshot.EndOffset < _highWatermark)
            {
                slot.BackOff(nowMs, _settings.RetryBackoffMs);
                return;
            }

            follower.Snapshot = snapshot;
            follower.SnapshotPosition = 0;
        }
        else
        {
            follower.LeaderHighWatermark = reply.HighWatermark;
            if (!reply.Records.IsEmpty)
            {
                _isLogBusy = true;
                _effects.Add(new RaftEffect.Append(reply.Records));
            }
            else
            {
                SetHighWatermark(Math.Min(reply.HighWatermark, _log.EndOffset));
            }
        }
    }

    private void OnContact(long nowMs, FollowerState follower)
    {
        follower.FetchDeadlineMs = nowMs + _settings.FetchTimeoutMs;
        follower.HasFetched = true;
        follower.LeaderGone = false;
        follower.ElectionAtMs = long.MaxValue;
        _failedElections = 0;
    }

    // To where both logs may still agree: never to the old high watermark, which can lie behind committed records.
    private void TruncateTo(FollowerState follower, LogPoint diverging)
    {
        LogPoint own = _log.EndOffsetForEpoch(diverging.Epoch);
        long end = own.Epoch == diverging.Epoch ? Math.Min(own.EndOffset, diverging.EndOffset) : own.EndOffset;
        end = Math.Min(end, _log.EndOffset);
        Invariant.Require(end >= _highWatermark, "committed records are not truncated", end, _highWatermark);
        follower.LeaderHighWatermark = 0;
        _flushedEnd = Math.Min(_flushedEnd, end);
        _isLogBusy = true;
        _effects.Add(new RaftEffect.Truncate(end));
    }

    private void OnLogChanged(long nowMs)
    {
        _isLogBusy = false;
        if (_leader is not null)
        {
            AnswerParked(nowMs);
        }
        else if (_follower is { } follower)
        {
            SetHighWatermark(Math.Min(follower.LeaderHighWatermark, _log.EndOffset));
        }
    }

    private void OnSnapshotReply(long nowMs, PeerSlot slot, RaftReply.Snapshot reply)
    {
        FollowerState follower = _follower!;
        OnContact(nowMs, follower);
        long next = reply.Position + reply.Bytes.Length;
        bool isLast = next == reply.SizeBytes;
        if (reply.Error != ErrorCode.None || follower.Snapshot != reply.SnapshotId
            || reply.Position != follower.SnapshotPosition || next > reply.SizeBytes
            || (reply.Bytes.IsEmpty && !isLast))
        {
            follower.Snapshot = null;
            slot.BackOff(nowMs, _settings.RetryBackoffMs);
            return;
        }

        follower.IsSnapshotBusy = true;
        _effects.Add(new RaftEffect.WriteSnapshotChunk(reply.SnapshotId, reply.Position, reply.Bytes, isLast));
    }

    private void OnSnapshotProgress(LogPoint id, long position)
    {
        if (_follower is { } follower && follower.Snapshot == id)
        {
            follower.SnapshotPosition = position;
            follower.IsSnapshotBusy = false;
        }
    }

    private void OnSnapshotInstalled(LogPoint id)
    {
        Invariant.Require(_role != RaftRole.Leader, "a leader never loads a snapshot", id, _election);
        Invariant.Require(id.EndOffset >= _highWatermark, "a snapshot holds what is committed", id, _highWatermark);
        _flushedEnd = _log.EndOffset;
        SetHighWatermark(id.EndOffset);
        if (_follower is { } follower)
        {
            follower.Snapshot = null;
            follower.IsSnapshotBusy = false;
        }
    }

    private void OnSnapshotRefused(long nowMs, LogPoint id)
    {
        if (_follower is { } follower && follower.Snapshot == id)
        {
            follower.Snapshot = null;
            follower.IsSnapshotBusy = false;
            BackOffFetch(nowMs);
        }
    }

    private void BackOffFetch(long nowMs)
    {
        if (_follower is { } follower)
        {
            _fetch[follower.LeaderId].BackOff(nowMs, _settings.RetryBackoffMs);
        }
    }

    private (int Peer, PeerSlot? Slot) Take(long requestId)
    {
        foreach ((int peer, PeerSlot slot) in _control)
        {
            if (slot.Take(requestId))
            {
                return (peer, slot);
            }
        }

        foreach ((int peer, PeerSlot slot) in _fetch)
        {
            if (slot.Take(requestId))
            {
                return (peer, slot);
            }
        }

        return (-1, null);
    }
}
