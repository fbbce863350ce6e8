using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>Pre-votes, and what follows when a leader's process is found gone.</summary>
public sealed class Kip996Tests
{
    private static readonly LogPoint Longer = new(2, 90);

    [Fact]
    public void PreVote_OfAnyOutcome_ChangesNoEpochAndNoVote()
    {
        ReplicaFixture replica = new(durable: new ElectionState(4, null, null));
        ElectionState before = replica.Replica.Election;

        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(4, 2, Longer, isPreVote: true)).Granted);
        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(4, 3, Longer, isPreVote: true)).Granted);

        Assert.Equal(before, replica.Replica.Election);
    }

    [Fact]
    public void PreVote_AskedOfAFollowerThatHearsItsLeader_IsRejected()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);

        Assert.False(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 3, Longer, isPreVote: true)).Granted);
    }

    [Fact]
    public void PreVote_AskedOfTheLeader_IsRejected()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();

        Assert.False(replica.Request<RaftReply.Vote>(
            ReplicaFixture.Vote(1, 3, new LogPoint(1, 90), isPreVote: true)).Granted);
    }

    [Fact]
    public void PreVote_AskedOfAFollowerWhoseLeaderRefuses_IsGranted()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);
        FailFetch(replica, RpcStatus.Disconnected);
        FailFetch(replica, RpcStatus.Refused);

        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 3, Longer, isPreVote: true)).Granted);
    }

    [Fact]
    public void Follower_LeaderDisconnected_FetchesAgainAtOnce()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);

        long id = replica.Sent.Last().RequestId;
        FailFetch(replica, RpcStatus.Disconnected);

        Assert.True(replica.Sent.Last().RequestId > id);
        Assert.Equal(RaftRole.Follower, replica.Replica.Role);
    }

    /// <summary>Decision 11: death is noticed by the connection.</summary>
    [Fact]
    public void Follower_LeaderRefused_AsksForAnElectionWithin20Ms()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);
        FailFetch(replica, RpcStatus.Refused);

        replica.Advance(20);

        Assert.Equal(RaftRole.Prospective, replica.Replica.Role);
        Assert.Equal(3, replica.Replica.Election.Epoch);
    }

    [Fact]
    public void Prospective_Denied_FollowsItsLeaderAgain()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);
        FailFetch(replica, RpcStatus.Refused);
        replica.Advance(20);

        foreach (int peer in (int[])[2, 3])
        {
            replica.Reply(peer, request => request is RaftRequest.Vote, new RaftReply.Vote(
                ErrorCode.None, new LeaderAndEpoch(2, 3), false));
        }

        Assert.Equal(RaftRole.Follower, replica.Replica.Role);
        Assert.Equal(new LeaderAndEpoch(2, 3), replica.Replica.Leader);
    }

    [Fact]
    public void Prospective_OthersStillNameTheDeadLeader_DoesNotFollowIt()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);
        FailFetch(replica, RpcStatus.Refused);
        replica.Advance(20);

        replica.Reply(3, request => request is RaftRequest.Vote, new RaftReply.Vote(
            ErrorCode.None, new LeaderAndEpoch(2, 3), true));

        Assert.Equal((RaftRole.Candidate, 4), (replica.Replica.Role, replica.Replica.Election.Epoch));
    }

    [Fact]
    public void Leader_Restarted_IsGoneForItsFollowers()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);

        replica.Reply(2, request => request is RaftRequest.Fetch, new RaftReply.Fetch(
            ErrorCode.NotLeaderOrFollower, new LeaderAndEpoch(null, 3)));
        replica.Advance(20);

        Assert.Equal(RaftRole.Prospective, replica.Replica.Role);
    }

    private static void FailFetch(ReplicaFixture replica, RpcStatus status) => replica.Give(new RaftInput.Failed(
        replica.Sent.Last(send => send.Request is RaftRequest.Fetch).RequestId, status));
}
