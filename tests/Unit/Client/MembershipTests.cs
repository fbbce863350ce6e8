using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>A member of a group, step by step, without a coordinator.</summary>
public sealed class MembershipTests
{
    private const int MaxPollMs = 1000;
    private static readonly TopicPartition[] Two = [new("t", 0), new("t", 1)];

    private static readonly ConsumerOptions Options = new()
    {
        GroupId = "g",
        Assignors = [PartitionAssignors.Range],
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        MaxPollInterval = TimeSpan.FromMilliseconds(MaxPollMs),
    };

    private long _nowMs;

    [Fact]
    public void Classic_FirstJoin_TakesItsIdAndJoinsAgainWithIt()
    {
        ClassicMembership member = Classic(Options);

        Assert.Equal("", Next<JoinGroupRequest>(member, out GroupAction.Send first).MemberId);
        Answer(member, first, new JoinGroupResponse { ErrorCode = ErrorCode.MemberIdRequired, MemberId = "m" });

        Assert.Equal("m", Next<JoinGroupRequest>(member, out _).MemberId);
    }

    [Fact]
    public void Classic_GroupRebalances_JoinsOnceTheApplicationHasGivenUpWhatItHas()
    {
        ClassicMembership member = Stable(Options, Two);
        _nowMs += 100;
        Next<HeartbeatRequest>(member, out GroupAction.Send heartbeat);
        Answer(member, heartbeat, new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress });

        RebalanceStep revoke = member.TakeStep()!;
        Assert.Null(member.TakeStep());
        Assert.Null(member.Next(_nowMs, out _)); // it is being given up
        member.StepDone(revoke);

        Assert.Equal(RebalanceStepKind.Revoke, revoke.Kind);
        Assert.Equal(Two, revoke.Partitions);
        Next<JoinGroupRequest>(member, out _);
    }

    [Fact]
    public void Classic_Cooperative_GivesUpWhatMovesAndJoinsForTheSecondRound()
    {
        ClassicMembership member = Stable(
            Options with { Assignors = [PartitionAssignors.CooperativeSticky] }, Two);
        _nowMs += 100;
        Next<HeartbeatRequest>(member, out GroupAction.Send heartbeat);
        Answer(member, heartbeat, new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress });
        JoinAndSync(member, "cooperative-sticky", 2, [Two[0]]);

        RebalanceStep revoke = member.TakeStep()!;
        member.StepDone(revoke);
        RebalanceStep assign = member.TakeStep()!;
        member.StepDone(assign);

        Assert.Equal([Two[1]], revoke.Partitions);
        Assert.Empty(assign.Partitions);
        Assert.Equal([Two[0]], assign.Owned);
        Next<JoinGroupRequest>(member, out _);
    }

    [Theory]
    [InlineData(ErrorCode.UnknownMemberId, "")]
    [InlineData(ErrorCode.IllegalGeneration, "m")]
    public void Classic_GroupHasMovedOn_LosesEverythingAndBeginsAnew(ErrorCode error, string rejoinsAs)
    {
        ClassicMembership member = Stable(Options, Two);
        _nowMs += 100;
        Next<HeartbeatRequest>(member, out GroupAction.Send heartbeat);
        Answer(member, heartbeat, new HeartbeatResponse { ErrorCode = error });

        RebalanceStep lose = member.TakeStep()!;
        member.StepDone(lose);

        Assert.Equal((RebalanceStepKind.Lose, 2), (lose.Kind, lose.Partitions.Count));
        Assert.Equal(-1, member.Metadata.GenerationId);
        Assert.Equal(rejoinsAs, Next<JoinGroupRequest>(member, out _).MemberId);
    }

    [Fact]
    public void Classic_ApplicationDoesNotPoll_LeavesAndJoinsWithTheNextPoll()
    {
        ClassicMembership member = Stable(Options, Two);
        member.PollEnds(_nowMs);
        _nowMs += MaxPollMs;

        Next<LeaveGroupRequest>(member, out GroupAction.Send leave);
        Answer(member, leave, new LeaveGroupResponse());
        Assert.Null(member.Next(_nowMs, out _));
        member.PollBegins(_nowMs);
        member.StepDone(member.TakeStep()!);

        Next<JoinGroupRequest>(member, out _);
    }

    [Fact]
    public void Classic_AssignmentThatIsGarbage_IsAnError()
    {
        ClassicMembership member = Classic(Options);
        Next<JoinGroupRequest>(member, out GroupAction.Send join);
        Answer(member, join, Joined("range", 1));
        Next<SyncGroupRequest>(member, out GroupAction.Send sync);
        Answer(member, sync, new SyncGroupResponse { Assignment = Convert.FromHexString("00007FFFFFFF") });

        Assert.Equal(ErrorCode.CorruptMessage, member.Failure?.Code);
    }

    [Fact]
    public void Classic_FencedInstance_IsFatal()
    {
        ClassicMembership member = Stable(Options with { GroupInstanceId = "i" }, Two);
        _nowMs += 100;
        Next<HeartbeatRequest>(member, out GroupAction.Send heartbeat);
        Answer(member, heartbeat, new HeartbeatResponse { ErrorCode = ErrorCode.FencedInstanceId });

        Assert.Equal(ErrorCode.FencedInstanceId, member.Failure?.Code);
        Assert.Equal(RebalanceStepKind.Lose, member.TakeStep()?.Kind);
    }

    [Fact]
    public void Consumer_Heartbeats_SayEverythingOnceAndThenWhatIsNew()
    {
        ConsumerMembership member = Consumer(Options);
        ConsumerGroupHeartbeatRequest first = Next<ConsumerGroupHeartbeatRequest>(member, out GroupAction.Send join);
        Answer(member, join, Beat(1, (ModelTopic, [0, 1])));
        Resolve(member);
        member.StepDone(member.TakeStep()!);
        ConsumerGroupHeartbeatRequest second = Next<ConsumerGroupHeartbeatRequest>(member, out GroupAction.Send owns);
        Answer(member, owns, Beat(1));
        _nowMs += 100;
        ConsumerGroupHeartbeatRequest third = Next<ConsumerGroupHeartbeatRequest>(member, out _);

        Assert.Equal((0, MaxPollMs), (first.MemberEpoch, first.RebalanceTimeoutMs));
        Assert.Equal(["t"], first.SubscribedTopicNames!);
        Assert.Empty(first.TopicPartitions!);
        Assert.Null(second.SubscribedTopicNames);
        Assert.Equal([0, 1], Assert.Single(second.TopicPartitions!).Partitions);
        Assert.Null(third.TopicPartitions);
        Assert.Equal(-1, third.RebalanceTimeoutMs);
    }

    [Fact]
    public void Consumer_Fenced_LosesEverythingBeforeItJoinsAnew()
    {
        ConsumerMembership member = Consumer(Options);
        Next<ConsumerGroupHeartbeatRequest>(member, out GroupAction.Send join);
        Answer(member, join, Beat(4, (ModelTopic, [0])));
        Resolve(member);
        member.StepDone(member.TakeStep()!);
        Next<ConsumerGroupHeartbeatRequest>(member, out GroupAction.Send owns);
        Answer(member, owns, new ConsumerGroupHeartbeatResponse { ErrorCode = ErrorCode.FencedMemberEpoch });

        Assert.Null(member.Next(_nowMs, out _));
        RebalanceStep lose = member.TakeStep()!;
        member.StepDone(lose);

        Assert.Equal(RebalanceStepKind.Lose, lose.Kind);
        Assert.Equal(0, Next<ConsumerGroupHeartbeatRequest>(member, out _).MemberEpoch);
    }

    [Fact]
    public void Consumer_StaticMemberCloses_SaysThatItComesBack()
    {
        ConsumerMembership member = Consumer(Options with { GroupInstanceId = "i" });
        Next<ConsumerGroupHeartbeatRequest>(member, out GroupAction.Send join);
        Answer(member, join, Beat(1));

        Assert.Equal(-2, ((ConsumerGroupHeartbeatRequest)member.Leave(forGood: false)!.Request).MemberEpoch);
    }

    private static Uuid ModelTopic { get; } = new(3, 4);

    private static ClusterView View => ClusterView.Empty with
    {
        Topics = ClusterView.Empty.Topics.SetItem("t", new TopicView("t", ModelTopic, false, ErrorCode.None, [])),
    };

    private static ConsumerGroupHeartbeatResponse Beat(
        int epoch, params (Uuid Topic, List<int> Partitions)[] assigned) => new()
        {
            MemberEpoch = epoch,
            HeartbeatIntervalMs = 100,
            Assignment = assigned.Length == 0 ? null : new ConsumerGroupHeartbeatResponse.AssignmentValue
            {
                TopicPartitions = [.. assigned.Select(entry => new ConsumerGroupHeartbeatResponse.TopicPartitions
                {
                    TopicId = entry.Topic,
                    Partitions = entry.Partitions,
                })],
            },
        };

    private static JoinGroupResponse Joined(string protocol, int generation) => new()
    {
        ProtocolName = protocol,
        GenerationId = generation,
        MemberId = "m",
        Leader = "somebody else",
    };

    private ClassicMembership Classic(ConsumerOptions options)
    {
        ClassicMembership member = new(new MembershipSettings(options, new Chance(1)));
        member.Subscribe(GroupSubscription.To(["t"]));
        member.PollBegins(_nowMs);
        return member;
    }

    private ConsumerMembership Consumer(ConsumerOptions options)
    {
        ConsumerMembership member = new(new MembershipSettings(options, new Chance(1)));
        member.Subscribe(GroupSubscription.To(["t"]));
        member.PollBegins(_nowMs);
        return member;
    }

    private ClassicMembership Stable(ConsumerOptions options, TopicPartition[] owned)
    {
        ClassicMembership member = Classic(options);
        JoinAndSync(member, options.Assignors[0].Name, 1, owned);
        member.StepDone(member.TakeStep()!);
        return member;
    }

    private void JoinAndSync(ClassicMembership member, string protocol, int generation, TopicPartition[] assigned)
    {
        Next<JoinGroupRequest>(member, out GroupAction.Send join);
        Answer(member, join, Joined(protocol, generation));
        Next<SyncGroupRequest>(member, out GroupAction.Send sync);
        Answer(member, sync, new SyncGroupResponse { Assignment = GroupCodec.EncodeAssignment(assigned) });
    }

    private void Resolve(ConsumerMembership member)
    {
        Assert.IsType<GroupAction.Resolve>(member.Next(_nowMs, out _));
        member.OnResolved(View, isComplete: true, _nowMs);
    }

    private T Next<T>(IMembership member, out GroupAction.Send send)
        where T : class, IApiMessage
    {
        send = Assert.IsType<GroupAction.Send>(member.Next(_nowMs, out _));
        return Assert.IsType<T>(send.Request);
    }

    private void Answer(IMembership member, GroupAction.Send sent, IApiMessage answer) =>
        member.OnAnswer(sent, answer, ErrorCode.None, null, _nowMs);
}
