using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Messages;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>Voters that change (KIP-853), with Kafka's error codes and texts.</summary>
public sealed class Kip853Tests
{
    [Fact]
    public void AddVoter_StaticVoters_IsNotSupported()
    {
        ReplicaFixture leader = Leader(isDynamic: false);

        RaftReply.VoterChange reply = leader.Request<RaftReply.VoterChange>(Add(4));

        Assert.Equal(ErrorCode.UnsupportedVersion, reply.Error);
        Assert.Equal(
            "Cluster doesn't support adding voter because the kraft.version feature is 0", reply.Message);
    }

    [Fact]
    public void AddVoter_CaughtUp_IsInTheSetAtOnceAndAnsweredWhenTheNewMajorityHasIt()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        Fetch(leader, 4);
        leader.Clear();

        leader.Request(Add(4), "add");
        RaftEffect.Send asked = Assert.Single(leader.Sent, send => send.Request is RaftRequest.AskVersions);
        Assert.Equal(new PeerEndpoint(4, "host", 9094), asked.Endpoint);
        leader.Give(new RaftInput.Replied(asked.RequestId, new RaftReply.Versions(ErrorCode.None, (0, 1))));
        leader.Give(new RaftInput.Flushed(leader.Log.EndOffset));

        Assert.Equal([1, 2, 3, 4], leader.Replica.Voters.All.Select(voter => voter.Id));
        Fetch(leader, 2);
        Assert.DoesNotContain(leader.Effects.OfType<RaftEffect.Respond>(), respond => respond.Token.Equals("add"));
        Fetch(leader, 4);
        Assert.Equal(ErrorCode.None, leader.Answer<RaftReply.VoterChange>("add").Error);
    }

    [Fact]
    public void AddVoter_WithoutWaitingForTheCommit_IsAnsweredOnceItIsInTheLog()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        Fetch(leader, 4);
        leader.Clear();

        leader.Request(new RaftRequest.AddVoter(ReplicaFixture.KeyOf(4), ReplicaFixture.ListenersOf(4), false), "add");
        AnswerVersions(leader, new RaftReply.Versions(ErrorCode.None, (0, 1)));

        Assert.Equal(ErrorCode.None, leader.Answer<RaftReply.VoterChange>("add").Error);
    }

    [Fact]
    public void AddVoter_LaggingBehind_IsAborted()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        leader.Clear();

        leader.Request(Add(4), "add");
        AnswerVersions(leader, new RaftReply.Versions(ErrorCode.None, (0, 1)));

        RaftReply.VoterChange reply = leader.Answer<RaftReply.VoterChange>("add");
        Assert.Equal(ErrorCode.RequestTimedOut, reply.Error);
        Assert.Equal(
            $"Aborted add voter operation for ReplicaKey(id=4, directoryId={ReplicaFixture.DirectoryOf(4)}) since it "
            + "is lagging behind",
            reply.Message);
    }

    [Fact]
    public void AddVoter_SoftwareWithoutTheFeature_IsRefused()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        Fetch(leader, 4);
        leader.Clear();

        leader.Request(Add(4), "add");
        AnswerVersions(leader, new RaftReply.Versions(ErrorCode.None, null));

        Assert.Equal(ErrorCode.InvalidRequest, leader.Answer<RaftReply.VoterChange>("add").Error);
        Assert.Equal(3, leader.Replica.Voters.Count);
    }

    [Fact]
    public void AddVoter_OfAKnownId_IsADuplicate() => Assert.Equal(
        ErrorCode.DuplicateVoter,
        Leader(isDynamic: true).Request<RaftReply.VoterChange>(
            new RaftRequest.AddVoter(new ReplicaKey(2, new Uuid(9, 9)), ReplicaFixture.ListenersOf(2), true)).Error);

    [Fact]
    public void AddVoter_WhileAnotherChangeIsUnderWay_TimesOut()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        leader.Request(new RaftRequest.RemoveVoter(ReplicaFixture.KeyOf(3)), "remove");

        RaftReply.VoterChange reply = leader.Request<RaftReply.VoterChange>(Add(4));

        Assert.Equal(ErrorCode.RequestTimedOut, reply.Error);
        Assert.Equal("Request timed out waiting for leader to handle previous voter change request", reply.Message);
    }

    [Fact]
    public void RemoveVoter_TheLeaderItself_LeadsUntilTheOthersHaveItAndCountsItselfNoMore()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        leader.Clear();
        leader.Request(new RaftRequest.RemoveVoter(ReplicaFixture.KeyOf(1)), "remove");
        leader.Give(new RaftInput.Flushed(leader.Log.EndOffset));
        Fetch(leader, 2);
        Assert.Equal(RaftRole.Leader, leader.Replica.Role);

        Fetch(leader, 3);

        Assert.Equal(ErrorCode.None, leader.Answer<RaftReply.VoterChange>("remove").Error);
        Assert.NotEqual(RaftRole.Leader, leader.Replica.Role);
        Assert.Equal([2, 3], leader.Sent.Where(send => send.Request is RaftRequest.EndEpoch).Select(send => send.To));
    }

    /// <summary>Nobody else has the set without it: the other voter cannot be elected by a longer log.</summary>
    [Fact]
    public void Election_OfALeaderThatLeftInAnUncommittedSet_IsWonWithoutItsOwnVote()
    {
        ReplicaFixture leader = Leader(isDynamic: true, voters: 2);
        leader.Request(new RaftRequest.RemoveVoter(ReplicaFixture.KeyOf(1)), "remove");
        leader.Give(new RaftInput.ResignRequested(leader.Replica.Election.Epoch));
        leader.Clear();
        leader.Advance(5000);

        leader.BecomeLeader();
        Fetch(leader, 2);

        Assert.Equal([2], leader.Replica.Voters.All.Select(voter => voter.Id));
        Assert.NotEqual(RaftRole.Leader, leader.Replica.Role);
        Assert.Equal(leader.Log.EndOffset, leader.Replica.HighWatermark);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(9, true)]
    public void RemoveVoter_OfAnotherDirectoryOrId_IsNotFound(int id, bool isItsDirectory) => Assert.Equal(
        ErrorCode.VoterNotFound,
        Leader(isDynamic: true).Request<RaftReply.VoterChange>(new RaftRequest.RemoveVoter(
            isItsDirectory ? ReplicaFixture.KeyOf(id) : new ReplicaKey(id, new Uuid(9, 9)))).Error);

    [Fact]
    public void RemoveVoter_TheLastOne_IsRefused() => Assert.Equal(
        ErrorCode.VoterNotFound,
        Leader(isDynamic: true, voters: 1).Request<RaftReply.VoterChange>(
            new RaftRequest.RemoveVoter(ReplicaFixture.KeyOf(1))).Error);

    [Fact]
    public void Fetch_OfAVotersIdFromAnotherDirectory_CommitsNothing()
    {
        ReplicaFixture leader = Leader(isDynamic: true);
        long before = leader.Replica.HighWatermark;
        leader.Log.Epochs.Add(leader.Replica.Election.Epoch);
        leader.Give(RaftInput.LogChanged.Instance);
        leader.Give(new RaftInput.Flushed(leader.Log.EndOffset));

        leader.Request(FetchOf(leader, new ReplicaKey(2, new Uuid(9, 9))), "fetch");
        Assert.Equal(before, leader.Replica.HighWatermark);

        Fetch(leader, 2);
        Assert.Equal(leader.Log.EndOffset, leader.Replica.HighWatermark);
    }

    [Fact]
    public void UpgradeVersion_OnceAllVotersHaveTold_PutsTheirDirectoriesIntoTheLog()
    {
        ReplicaFixture leader = Leader(isDynamic: false);
        int epoch = leader.Replica.Election.Epoch;
        RaftReply.VoterChange early = leader.Request<RaftReply.VoterChange>(
            new RaftRequest.UpgradeVersion(epoch, 1, false));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, early.Error);
        Assert.Equal(
            "Invalid upgrade of kraft.version to KRAFT_VERSION_1 because not all of the voters support it",
            early.Message);
        foreach (int id in new[] { 2, 3 })
        {
            Assert.Equal(ErrorCode.None, leader.Request<RaftReply.VoterChange>(new RaftRequest.UpdateVoter(
                epoch, ReplicaFixture.KeyOf(id), ReplicaFixture.ListenersOf(id), 0, 1)).Error);
        }

        Assert.Equal(ErrorCode.None, leader.Request<RaftReply.VoterChange>(
            new RaftRequest.UpgradeVersion(epoch, 1, ValidateOnly: true)).Error);
        Assert.Equal(0, leader.Log.Voters.KRaftVersion);
        Assert.Equal(ErrorCode.None, leader.Request<RaftReply.VoterChange>(
            new RaftRequest.UpgradeVersion(epoch, 1, ValidateOnly: false)).Error);

        Assert.Equal(1, leader.Log.Voters.KRaftVersion);
        Assert.Equal(
            [ReplicaFixture.KeyOf(1), ReplicaFixture.KeyOf(2), ReplicaFixture.KeyOf(3)],
            leader.Log.Voters.Current.All.Select(voter => voter.Key));
    }

    [Fact]
    public void Follower_OfStaticVoters_TellsTheLeaderWhoItIs()
    {
        ReplicaFixture follower = ReplicaFixture.WithDirectories(3, isDynamic: false);
        follower.Follow(5);
        follower.Advance(1500);
        follower.Reply(2, request => request is RaftRequest.Fetch, new RaftReply.Fetch(
            ErrorCode.None, new LeaderAndEpoch(2, 5)));

        follower.Advance(600);

        RaftRequest.UpdateVoter told = Assert.IsType<RaftRequest.UpdateVoter>(
            Assert.Single(follower.Sent, send => send.Request is RaftRequest.UpdateVoter).Request);
        Assert.Equal((ReplicaFixture.KeyOf(1), (short)0, (short)1), (told.Voter, told.MinVersion, told.MaxVersion));
    }

    [Fact]
    public void BeginEpoch_OfALeaderThatTheLogDoesNotKnow_IsFollowedAtItsEndpoint()
    {
        ReplicaFixture follower = ReplicaFixture.WithDirectories(3, isDynamic: true);
        follower.Clear();

        follower.Request(new RaftRequest.BeginEpoch(7, 5, null)
        {
            LeaderEndpoint = new PeerEndpoint(7, "elsewhere", 1),
        });

        Assert.Equal(new LeaderAndEpoch(7, 5), follower.Replica.Leader);
        Assert.Contains(follower.Sent, send => send.Request is RaftRequest.Fetch
            && send.Endpoint == new PeerEndpoint(7, "elsewhere", 1));
    }

    [Fact]
    public void EpochStart_FirstOfAFormattedCluster_PutsTheVotersIntoTheLog()
    {
        ReplicaFixture leader = Leader(isDynamic: true);

        Assert.Equal(0, leader.Log.Voters.Offset);
        Assert.Equal(3, leader.Log.Voters.Current.Count);
    }

    private static ReplicaFixture Leader(bool isDynamic, int voters = 3)
    {
        ReplicaFixture leader = ReplicaFixture.WithDirectories(voters, isDynamic);
        leader.BecomeLeader();
        for (int id = 2; id <= voters; id++)
        {
            Fetch(leader, id);
        }

        Assert.Equal(leader.Log.EndOffset, leader.Replica.HighWatermark);
        return leader;
    }

    private static RaftRequest.AddVoter Add(int id) =>
        new(ReplicaFixture.KeyOf(id), ReplicaFixture.ListenersOf(id), AckWhenCommitted: true);

    private static void AnswerVersions(ReplicaFixture leader, RaftReply.Versions versions) => leader.Give(
        new RaftInput.Replied(leader.Sent.Last(send => send.Request is RaftRequest.AskVersions).RequestId, versions));

    /// <summary>The replica has all that the leader has.</summary>
    private static void Fetch(ReplicaFixture leader, int id) =>
        leader.Request(FetchOf(leader, ReplicaFixture.KeyOf(id)), $"fetch {id} at {leader.NowMs}");

    private static RaftRequest.Fetch FetchOf(ReplicaFixture leader, ReplicaKey key) => new(
        key, leader.Replica.Election.Epoch, leader.Log.EndOffset, leader.Log.LastEpoch, 0, 0);
}
