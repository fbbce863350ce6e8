using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>Votes, epochs, fetches and the high watermark.</summary>
public sealed class Kip595Tests
{
    [Fact]
    public void VoteRequest_CandidateLogBehind_IsRejected()
    {
        ReplicaFixture replica = new(epochsOfLog: [1, 1, 2]);

        Assert.False(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 2, new LogPoint(1, 9))).Granted);
        Assert.False(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 2, new LogPoint(2, 2))).Granted);
        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 2, new LogPoint(2, 3))).Granted);
    }

    [Fact]
    public void VoteRequest_SecondCandidateOfAnEpoch_IsRejected()
    {
        ReplicaFixture replica = new();

        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 2, new LogPoint(0, 0))).Granted);
        Assert.False(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 3, new LogPoint(4, 7))).Granted);
        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 2, new LogPoint(0, 0))).Granted);
    }

    [Fact]
    public void VoteRequest_OfAnEarlierEpoch_IsFenced()
    {
        ReplicaFixture replica = new(durable: new ElectionState(4, null, null));

        RaftReply.Vote answer = replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(3, 2, new LogPoint(2, 9)));

        Assert.Equal((ErrorCode.FencedLeaderEpoch, 4, false), (answer.Error, answer.Leader.Epoch, answer.Granted));
    }

    [Fact]
    public void VoteRequest_Granted_IsAnsweredOnlyOnceDurable()
    {
        ReplicaFixture replica = new() { PersistsAtOnce = false };
        replica.Clear();

        replica.Request(ReplicaFixture.Vote(5, 2, new LogPoint(0, 0)));
        Assert.Empty(replica.Effects.OfType<RaftEffect.Respond>());
        replica.Give(new RaftInput.VotePersisted(replica.Replica.Election));

        Assert.True(replica.Answer<RaftReply.Vote>().Granted);
    }

    [Fact]
    public void VoteRequest_AfterARestart_RemembersTheVote()
    {
        ReplicaFixture replica = new(durable: new ElectionState(5, null, new ReplicaKey(3, default)));

        Assert.False(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 2, new LogPoint(4, 7))).Granted);
        Assert.True(replica.Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 3, new LogPoint(0, 0))).Granted);
    }

    [Fact]
    public void VoteRequest_OfOneThatThisLogDoesNotKnow_IsGranted() => Assert.True(
        new ReplicaFixture().Request<RaftReply.Vote>(ReplicaFixture.Vote(5, 9, new LogPoint(0, 0))).Granted);

    [Fact]
    public void SingleVoter_Start_LeadsAtOnce()
    {
        ReplicaFixture replica = new(voters: 1);

        Assert.Equal(RaftRole.Leader, replica.Replica.Role);
        replica.Give(new RaftInput.Flushed(1));
        Assert.Equal(1, replica.Replica.HighWatermark);
    }

    [Fact]
    public void Leader_RecordsOfEarlierEpochs_CommitOnlyWithOneOfItsOwn()
    {
        ReplicaFixture replica = new(durable: new ElectionState(2, null, null), epochsOfLog: [1, 1, 2]);
        replica.BecomeLeader();

        replica.Request(ReplicaFixture.Fetch(2, 3, 3, 2));
        Assert.Equal(0, replica.Replica.HighWatermark);
        replica.Request(ReplicaFixture.Fetch(2, 3, 4, 3), "next");

        Assert.Equal(4, replica.Replica.HighWatermark);
    }

    [Fact]
    public void Leader_OwnLogNotFlushed_DoesNotCount()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();
        replica.Log.Epochs.Add(1);
        replica.Give(RaftInput.LogChanged.Instance);

        replica.Request(ReplicaFixture.Fetch(2, 1, 2, 1));
        Assert.Equal(1, replica.Replica.HighWatermark);
        replica.Give(new RaftInput.Flushed(2));

        Assert.Equal(2, replica.Replica.HighWatermark);
    }

    [Theory]
    [InlineData(0, ErrorCode.FencedLeaderEpoch)]
    [InlineData(2, ErrorCode.UnknownLeaderEpoch)]
    [InlineData(-1, ErrorCode.InvalidRequest)]
    public void Fetch_OfAnotherEpoch_IsRefusedAndNamesTheLeader(int epoch, ErrorCode expected)
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();

        RaftReply.Fetch answer = replica.Request<RaftReply.Fetch>(ReplicaFixture.Fetch(2, epoch, 0, 0));

        Assert.Equal(expected, answer.Error);
        Assert.Equal(new LeaderAndEpoch(1, 1), answer.Leader);
    }

    [Fact]
    public void Fetch_FromAFollower_IsSentToTheLeader()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);

        RaftReply.Fetch answer = replica.Request<RaftReply.Fetch>(ReplicaFixture.Fetch(3, 3, 0, 0));

        Assert.Equal((ErrorCode.NotLeaderOrFollower, 2), (answer.Error, answer.Leader.LeaderId));
    }

    [Fact]
    public void Fetch_LogsParted_NamesTheEpochsEnd()
    {
        ReplicaFixture replica = new(durable: new ElectionState(3, null, null), epochsOfLog: [1, 1, 3]);
        replica.BecomeLeader();

        RaftReply.Fetch answer = replica.Request<RaftReply.Fetch>(ReplicaFixture.Fetch(2, 4, 5, 2));

        Assert.Equal(new LogPoint(1, 2), answer.Diverging);
    }

    [Fact]
    public void Fetch_BelowTheLogStart_NamesTheSnapshot()
    {
        ReplicaFixture replica = new(durable: new ElectionState(3, null, null), epochsOfLog: [1, 1, 3]);
        replica.Log.StartOffset = 2;
        replica.Log.EarliestSnapshot = new LogPoint(1, 2);
        replica.BecomeLeader();

        Assert.Equal(
            new LogPoint(1, 2), replica.Request<RaftReply.Fetch>(ReplicaFixture.Fetch(2, 4, 0, 0)).SnapshotId);
    }

    [Fact]
    public void Fetch_NothingNew_WaitsForRecords()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();
        replica.Clear();

        replica.Request(ReplicaFixture.Fetch(2, 1, 1, 1, highWatermark: 1));
        Assert.Empty(replica.Effects.OfType<RaftEffect.Respond>());
        replica.Log.Epochs.Add(1);
        replica.Give(RaftInput.LogChanged.Instance);

        Assert.Equal(1, replica.Answer<RaftReply.Fetch>().ReadFrom);
    }

    /// <summary>KIP-1166: a follower hears of a higher watermark at once.</summary>
    [Fact]
    public void Fetch_SenderBehindTheWatermark_IsAnsweredAtOnce()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();

        RaftReply.Fetch answer = replica.Request<RaftReply.Fetch>(ReplicaFixture.Fetch(2, 1, 1, 1, highWatermark: 0));

        Assert.Equal((1, (long?)null), (answer.HighWatermark, answer.ReadFrom));
    }

    [Fact]
    public void Fetch_NothingNewInTime_IsAnsweredEmpty()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();
        replica.Clear();
        replica.Request(ReplicaFixture.Fetch(2, 1, 1, 1, highWatermark: 1));

        replica.Advance(500);

        Assert.Null(replica.Answer<RaftReply.Fetch>().ReadFrom);
    }

    [Fact]
    public void Follower_AppendedButNotFlushed_DoesNotAskForMore()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);
        replica.Reply(2, request => request is RaftRequest.Fetch, new RaftReply.Fetch(
            ErrorCode.None, new LeaderAndEpoch(2, 3))
        { HighWatermark = 0, Records = new byte[1] });
        replica.Clear();

        replica.Log.Epochs.Add(3);
        replica.Give(RaftInput.LogChanged.Instance);
        Assert.Empty(replica.Sent);
        replica.Give(new RaftInput.Flushed(1));

        Assert.Equal(1, Assert.IsType<RaftRequest.Fetch>(Assert.Single(replica.Sent).Request).FetchOffset);
    }

    [Fact]
    public void Follower_LogsParted_TruncatesToTheEpochsEnd()
    {
        ReplicaFixture replica = new(durable: new ElectionState(2, null, null), epochsOfLog: [1, 1, 2, 2]);
        replica.Follow(epoch: 3);
        replica.Clear();

        replica.Advance(0);
        replica.Request(new RaftRequest.BeginEpoch(3, 4, null));
        replica.Reply(3, request => request is RaftRequest.Fetch, new RaftReply.Fetch(
            ErrorCode.None, new LeaderAndEpoch(3, 4))
        { Diverging = new LogPoint(1, 3) });

        Assert.Equal([1, 1], replica.Log.Epochs);
        Assert.Equal(2, Assert.IsType<RaftRequest.Fetch>(replica.Sent.Last().Request).FetchOffset);
    }

    [Fact]
    public void Leader_NoMajorityFetches_Resigns()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();
        replica.Advance(2900);
        replica.Request(ReplicaFixture.Fetch(2, 1, 1, 1));
        replica.Advance(2900);
        Assert.Equal(RaftRole.Leader, replica.Replica.Role);

        replica.Advance(101);

        Assert.Equal(RaftRole.Resigned, replica.Replica.Role);
    }

    [Fact]
    public void EndEpoch_FirstSuccessor_AsksForAnElectionAtOnce()
    {
        ReplicaFixture replica = new();
        replica.Follow(epoch: 3);

        replica.Request(new RaftRequest.EndEpoch(2, 3, [new ReplicaKey(1, default), new ReplicaKey(3, default)]));

        Assert.Equal(RaftRole.Prospective, replica.Replica.Role);
    }

    [Fact]
    public void Shutdown_OfTheLeader_WaitsUntilTheOthersKnow()
    {
        ReplicaFixture replica = new();
        replica.BecomeLeader();
        replica.Give(RaftInput.ShutdownRequested.Instance);
        Assert.DoesNotContain(RaftEffect.ShutdownComplete.Instance, replica.Effects);

        foreach (int peer in (int[])[2, 3])
        {
            replica.Reply(peer, request => request is RaftRequest.EndEpoch, new RaftReply.Epoch(
                ErrorCode.None, new LeaderAndEpoch(1, 1)));
        }

        Assert.Contains(RaftEffect.ShutdownComplete.Instance, replica.Effects);
    }

    [Fact]
    public void Observer_NeverStandsForElection()
    {
        ReplicaFixture replica = new(nodeId: 7);

        replica.Advance(60_000);

        Assert.Equal(RaftRole.Unattached, replica.Replica.Role);
        Assert.Contains(replica.Sent, send => send.Request is RaftRequest.Fetch);
    }
}
