using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;

namespace KRaftSharp.Quorum.Raft;

/// <summary>What others ask, first of all of a leader.</summary>
internal sealed partial class RaftReplica
{
    private const int MostParked = 10_000;

    private void OnRequest(long nowMs, object token, RaftRequest request)
    {
        switch (request)
        {
            case RaftRequest.Vote vote:
                OnVote(nowMs, token, vote);
                break;
            case RaftRequest.BeginEpoch begin:
                OnBeginEpoch(nowMs, token, begin);
                break;
            case RaftRequest.EndEpoch end:
                OnEndEpoch(nowMs, token, end);
                break;
            case RaftRequest.Fetch fetch:
                OnFetch(nowMs, token, fetch);
                break;
            case RaftRequest.FetchSnapshot fetch:
                OnFetchSnapshot(nowMs, token, fetch);
                break;
            default:
                OnVoterRequest(nowMs, token, request);
                break;
        }
    }

    private void OnFetch(long nowMs, object token, RaftRequest.Fetch request)
    {
        ErrorCode error = request is { FetchOffset: >= 0, LastFetchedEpoch: >= 0, CurrentEpoch: >= 0, MaxWaitMs: >= 0 }
            ? ValidateLeading(request.CurrentEpoch)
            : ErrorCode.InvalidRequest;
        if (error != ErrorCode.None)
        {
            Respond(token, new RaftReply.Fetch(error, _election.Leader));
            return;
        }

        Touch(nowMs, request.Replica);
        if (!TryAnswerFetch(nowMs, token, request, canWait: request.MaxWaitMs > 0 && _parked.Count < MostParked))
        {
            long deadlineMs = nowMs + Math.Min(request.MaxWaitMs, _settings.FetchTimeoutMs);
            ReplaceParked(new ParkedFetch(token, request, deadlineMs));
        }
    }

    private void OnFetchSnapshot(long nowMs, object token, RaftRequest.FetchSnapshot request)
    {
        ErrorCode error = request.CurrentEpoch < 0 ? ErrorCode.InvalidRequest : ValidateLeading(request.CurrentEpoch);
        if (error == ErrorCode.None)
        {
            Touch(nowMs, request.Replica);
        }

        Respond(token, new RaftReply.Snapshot(error, _election.Leader)
        {
            SnapshotId = request.SnapshotId,
            Position = request.Position,
        });
    }

    private void Touch(long nowMs, ReplicaKey replica)
    {
        if (_leader!.Find(replica, nowMs) is { } progress)
        {
            progress.Touch(replica, nowMs);
            progress.NextBeginMs = nowMs + BeginIntervalMs;
        }
    }

    private ErrorCode ValidateLeading(int requestEpoch)
    {
        if (requestEpoch != _election.Epoch)
        {
            return requestEpoch < _election.Epoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        }

        return _role == RaftRole.Leader ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
    }

    /// <returns>False when there is nothing to say yet and the request may wait.</returns>
    private bool TryAnswerFetch(long nowMs, object token, RaftRequest.Fetch request, bool canWait)
    {
        if (FindDivergence(request.FetchOffset, request.LastFetchedEpoch) is { } divergence)
        {
            Respond(token, divergence);
            return true;
        }

        _leader!.Find(request.Replica, nowMs)?.Fetched(request.FetchOffset, _log.EndOffset, nowMs);
        AdvanceLeaderHighWatermark(nowMs);
        bool hasRecords = _log.EndOffset > request.FetchOffset;
        if (canWait && !hasRecords && _highWatermark <= request.HighWatermark)
        {
            return false;
        }

        Respond(token, FetchReply() with { ReadFrom = hasRecords ? request.FetchOffset : null });
        return true;
    }

    private RaftReply.Fetch FetchReply() => new(ErrorCode.None, _election.Leader)
    {
        HighWatermark = _highWatermark,
        LogStartOffset = _log.StartOffset,
    };

    /// <summary>Null when the sender's log is a prefix of this one.</summary>
    private RaftReply.Fetch? FindDivergence(long offset, int epoch)
    {
        if (offset == 0 && epoch == 0 && _log.StartOffset == 0)
        {
            return null;
        }

        if (_log.EarliestSnapshot is { } earliest
            && (offset < _log.StartOffset
                || (offset == _log.StartOffset && epoch != earliest.Epoch)
                || epoch < earliest.Epoch))
        {
            return FetchReply() with { SnapshotId = _log.LatestSnapshot };
        }

        LogPoint end = _log.EndOffsetForEpoch(epoch);
        return end.Epoch != epoch || end.EndOffset < offset ? FetchReply() with { Diverging = end } : null;
    }

    private void AdvanceLeaderHighWatermark(long nowMs)
    {
        long held = _leader!.MajorityOffset(Math.Min(_flushedEnd, _log.EndOffset));
        if (held > _highWatermark)
        {
            SetHighWatermark(held);
            AnswerParked(nowMs);
        }
    }

    // Two fetches of one replica: the older one's connection is gone, or its sender gave up.
    private void ReplaceParked(ParkedFetch parked)
    {
        if (parked.Request.Replica.Id >= 0)
        {
            int older = _parked.FindIndex(other => other.Request.Replica == parked.Request.Replica);
            if (older >= 0)
            {
                Respond(_parked[older].Token, FetchReply());
                _parked.RemoveAt(older);
            }
        }

        _parked.Add(parked);
    }

    /// <summary>Answers those that have something to hear now, or whose time is up.</summary>
    private void AnswerParked(long nowMs)
    {
        if (_parked.Count == 0)
        {
            return;
        }

        List<ParkedFetch> waiting = _parked;
        _parked = [];
        foreach (ParkedFetch parked in waiting)
        {
            if (!TryAnswerFetch(nowMs, parked.Token, parked.Request, canWait: nowMs < parked.DeadlineMs))
            {
                _parked.Add(parked);
            }
        }
    }

    private void DropParked()
    {
        foreach (ParkedFetch parked in _parked)
        {
            Respond(parked.Token, new RaftReply.Fetch(
                parked.Request.CurrentEpoch < _election.Epoch
                    ? ErrorCode.FencedLeaderEpoch
                    : ErrorCode.NotLeaderOrFollower,
                _election.Leader));
        }

        _parked.Clear();
    }
}
