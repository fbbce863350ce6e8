using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>
/// What a follower asks its leader for (KIP-853): to know its listeners and software, or to become a voter.
/// </summary>
internal sealed partial class RaftReplica
{
    private void PollVoterUpdate(long nowMs, FollowerState follower)
    {
        if (!_isShuttingDown && nowMs >= follower.NextVoterUpdateMs && _change.IsIdle
            && VoterUpdate(follower) is { } request)
        {
            follower.NextVoterUpdateMs = nowMs + _settings.FetchTimeoutMs;
            Send(_change, follower.LeaderId, request);
        }
    }

    private long VoterUpdateDeadline() =>
        _role == RaftRole.Follower && !_isShuttingDown && _change.IsIdle && VoterUpdate(_follower!) is not null
            ? _follower!.NextVoterUpdateMs
            : long.MaxValue;

    private RaftRequest? VoterUpdate(FollowerState follower)
    {
        if (!follower.HasFetched || _settings.OwnVoter is not { } own)
        {
            return null;
        }

        bool isListed = _voters.TryGet(_self.Id, out Voter? listed);
        if (_isVoter)
        {
            bool isKnown = KRaftVersion > 0 ? listed!.Value.SameAs(own) : follower.HasUpdatedLeader;
            return isKnown ? null : new RaftRequest.UpdateVoter(
                _election.Epoch, own.Key, own.Listeners, own.MinKRaftVersion, own.MaxKRaftVersion);
        }

        if (KRaftVersion == 0 || !_settings.JoinsByItself)
        {
            return null;
        }

        // Its id votes from a directory that it has lost: that one has to go first.
        return isListed
            ? new RaftRequest.RemoveVoter(listed!.Value.Key)
            : new RaftRequest.AddVoter(own.Key, own.Listeners, AckWhenCommitted: false);
    }

    private void OnChangeReply(long nowMs, RaftReply reply)
    {
        Learn(nowMs, reply.Leader, reply.LeaderEndpoint, "another replica said so");
        if (_leader is not null && reply is RaftReply.Versions versions)
        {
            OnVersions(nowMs, versions);
        }
        else if (_follower is { } follower && reply.Error == ErrorCode.None)
        {
            follower.HasUpdatedLeader = true;
        }
    }

    private void OnChangeFailed(long nowMs, RpcStatus status)
    {
        if (_leader is not null)
        {
            OnVersions(nowMs, new RaftReply.Versions(ErrorCode.BrokerNotAvailable, null));
        }
        else if (_follower is { } follower && status == RpcStatus.UnsupportedVersion)
        {
            follower.HasUpdatedLeader = true; // its software is older than this question
        }
    }
}
