using System.Collections.Immutable;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Offsets;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Groups;

/// <summary>The steps of a member of a streams group to its target, and what it may commit on the way.</summary>
public sealed class TaskReconciliationTests
{
    private static readonly TaskId Task0 = new("0", 0);
    private static readonly TaskId Task1 = new("0", 1);

    [Fact]
    public void Next_TaskToGiveUp_StaysInItsEpochUntilItSaysSo()
    {
        StreamsMember member = Member("p1", active: [Task0, Task1]) with { Epoch = 3 };

        StreamsMember asked = Next(member, null, active: [Task1])!;
        StreamsMember done = Next(asked, Owned(active: [Task1]), active: [Task1])!;

        Assert.Equal((StreamsMemberState.UnrevokedTasks, 3), (asked.State, asked.Epoch));
        Assert.Equal([Task0], asked.PendingRevocation.Active.Keys);
        Assert.Same(asked, Next(asked, Owned(active: [Task0, Task1]), active: [Task1]));
        Assert.Equal((StreamsMemberState.Stable, 5), (done.State, done.Epoch));
        Assert.True(done.PendingRevocation.IsEmpty);
    }

    [Fact]
    public void Next_TaskOfAnother_WaitsForIt()
    {
        StreamsMember owner = Member("p2", active: [Task0]);
        StreamsMember member = Member("p1");

        StreamsMember waiting = Next(member, Owned(), active: [Task0, Task1], other: owner)!;
        StreamsMember got = Next(waiting, Owned(active: [Task1]), active: [Task0, Task1])!;

        Assert.Equal((StreamsMemberState.UnreleasedTasks, 5), (waiting.State, waiting.Epoch));
        Assert.Equal([Task1], waiting.Assigned.Active.Keys);
        Assert.Equal((StreamsMemberState.Stable, 5), (got.State, got.Epoch));
        Assert.Equal(5, got.Assigned.Active[Task0]);
    }

    [Fact]
    public void Next_StandbyOfATaskThatItIsToRun_StaysOneUntilTheOwnerLetsGo()
    {
        StreamsMember owner = Member("p2", active: [Task0]);
        StreamsMember member = Member("p1", standby: [Task0]);

        StreamsMember waiting = Next(member, Owned(standby: [Task0]), active: [Task0], other: owner)!;
        StreamsMember promoted = Next(waiting, Owned(standby: [Task0]), active: [Task0])!;

        Assert.Equal([Task0], waiting.Assigned.Standby);
        Assert.Equal(StreamsMemberState.UnreleasedTasks, waiting.State);
        Assert.Equal([Task0], promoted.Assigned.Active.Keys);
        Assert.Empty(promoted.Assigned.Standby);
    }

    [Fact]
    public void Next_ActiveThatBecomesStandby_IsKeptAsOneWhileItIsGivenUp()
    {
        StreamsMember member = Member("p1", active: [Task0]);

        StreamsMember next = Next(member, Owned(active: [Task0]), standby: [Task0])!;

        Assert.Equal([Task0], next.Assigned.Standby);
        Assert.Equal([Task0], next.PendingRevocation.Active.Keys);
    }

    [Fact]
    public void Next_StandbyOfAThreadOfTheSameProcess_Waits()
    {
        StreamsMember sibling = Member("p1", standby: [Task0]);

        StreamsMember next = Next(Member("p1"), Owned(), standby: [Task0], other: sibling)!;

        Assert.Equal(StreamsMemberState.UnreleasedTasks, next.State);
        Assert.Empty(next.Assigned.Standby);
    }

    [Fact]
    public void Next_StateOfALaterVersion_MustJoinAgain() => Assert.Null(Next(
        Member("p1", active: [Task0]) with { State = StreamsMemberState.Unknown }, null, active: [Task0]));

    [Theory]
    [InlineData(7, 0, ErrorCode.None)]
    [InlineData(5, 0, ErrorCode.None)]
    [InlineData(4, 0, ErrorCode.StaleMemberEpoch)]
    [InlineData(5, 1, ErrorCode.StaleMemberEpoch)]
    [InlineData(8, 0, ErrorCode.StaleMemberEpoch)]
    public void CheckCommit_OlderEpoch_CountsForTasksSinceThen(int epoch, int partition, ErrorCode expected)
    {
        StreamsGroup group = new("g");
        group.SetTopology(StreamsTopology.From(new StreamsGroupTopologyValue
        {
            Subtopologies = [new() { SubtopologyId = "0", SourceTopics = ["in"] }],
        }));
        group.Put(Member("p1", active: [Task0]) with { Epoch = 7 });
        CommitOrigin origin = new("m-p1", null, epoch, false, 10);

        ErrorCode error = group.CheckCommit(origin);
        if (error == ErrorCode.None)
        {
            error = group.CheckPartitionCommit(
                origin, new PartitionCommit(new TopicPartition("in", partition), default, 1, -1, ""));
        }

        Assert.Equal(expected, error);
    }

    private static StreamsMember? Next(
        StreamsMember member, TaskAssignment? owned, TaskId[]? active = null, TaskId[]? standby = null,
        StreamsMember? other = null)
    {
        TaskHolders holders = new();
        holders.Add(member);
        if (other is not null)
        {
            holders.Add(other);
        }

        return TaskReconciliation.Next(member, owned, Owned(active, standby), targetEpoch: 5, holders);
    }

    private static TaskAssignment Owned(TaskId[]? active = null, TaskId[]? standby = null) =>
        new([.. active ?? []], [.. standby ?? []], []);

    private static StreamsMember Member(string process, TaskId[]? active = null, TaskId[]? standby = null) =>
        new($"m-{process}")
        {
            ProcessId = process,
            Epoch = 4,
            Assigned = new HeldTasks(
                (active ?? []).ToImmutableSortedDictionary(task => task, _ => 5), [.. standby ?? []], []),
        };
}
