using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>KIP-455 and KIP-860.</summary>
public sealed class ReassignmentTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(5);

    public ReassignmentTests() => _bench.CreateTopicOn("t", 0, 1, 2);

    private PartitionRegistration Partition => _bench.Image.Topics.Partition("t", 0)!;

    [Fact]
    public void Reassign_AddsFirst_AndRemovesWhenTheNewOnesAreInSync()
    {
        Assert.Equal(ErrorCode.None, Reassign([3, 1, 4]));
        Assert.Equal([3, 1, 4, 0, 2], Partition.Replicas);
        Assert.Equal([3, 4], Partition.AddingReplicas);
        Assert.Equal([0, 2], Partition.RemovingReplicas);
        Assert.Equal(0, Partition.Leader);
        var listed = Assert.Single(Assert.Single(List(null).Topics).Partitions);
        Assert.Equal([3, 1, 4, 0, 2], listed.Replicas);

        Assert.Equal(ErrorCode.None, _bench.AlterIsr("t", 0, 0, 1, 2, 3).ErrorCode);
        Assert.True(Partition.IsReassigning);
        int epoch = Partition.LeaderEpoch;
        // The leader is among those that go: it is told that another one leads.
        Assert.Equal(ErrorCode.NewLeaderElected, _bench.AlterIsr("t", 0, 0, 1, 2, 3, 4).ErrorCode);
        Assert.Equal([3, 1, 4], Partition.Replicas);
        Assert.Equal([1, 3, 4], Partition.Isr.Order());
        Assert.Equal((3, epoch + 1), (Partition.Leader, Partition.LeaderEpoch));
        Assert.False(Partition.IsReassigning);
        Assert.Equal(3, Partition.Directories.Length);
        Assert.Empty(List(null).Topics);
    }

    [Fact]
    public void Reassign_OnlyRemoves_IsDoneAtOnceWithANewLeaderEpoch()
    {
        int epoch = Partition.LeaderEpoch;
        Assert.Equal(ErrorCode.None, Reassign([0, 1]));
        Assert.Equal([0, 1], Partition.Replicas);
        Assert.Equal([0, 1], Partition.Isr);
        Assert.Equal((0, epoch + 1), (Partition.Leader, Partition.LeaderEpoch));
        Assert.False(Partition.IsReassigning);
    }

    [Fact]
    public void Reassign_OnlyAnotherOrder_ChangesThePreferredLeader()
    {
        int epoch = Partition.LeaderEpoch;
        Assert.Equal(ErrorCode.None, Reassign([2, 1, 0]));
        Assert.Equal((2, 0, epoch), (Partition.PreferredReplica, Partition.Leader, Partition.LeaderEpoch));
        Assert.False(Partition.IsReassigning);
    }

    [Fact]
    public void Cancel_TakesTheAddedOnesOutAgain()
    {
        Reassign([3, 4]);
        _bench.AlterIsr("t", 0, 0, 1, 2, 3);
        Assert.Equal(ErrorCode.None, Reassign(null));
        Assert.Equal([0, 1, 2], Partition.Replicas.Order());
        Assert.Equal([0, 1, 2], Partition.Isr);
        Assert.False(Partition.IsReassigning);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Reassign(null));
    }

    [Fact]
    public void Cancel_OnlyAddedOnesAreInSync_NeedsAnUncleanElection()
    {
        Reassign([3, 4, 2]);
        _bench.AlterIsr("t", 0, 0, 3);
        _bench.Heartbeat(0, wantFence: true);
        Assert.Equal((3, 1), (Partition.Leader, Partition.Isr.Length));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Reassign(null));
        Assert.True(Partition.IsReassigning);
    }

    [Fact]
    public void Reassign_AnotherTargetMeanwhile_ReplacesTheFirst()
    {
        Reassign([3, 1, 2]);
        Assert.Equal(ErrorCode.None, Reassign([4, 1, 2]));
        Assert.Equal([4], Partition.AddingReplicas);
        Assert.Equal([0, 3], Partition.RemovingReplicas);
        Assert.Equal(ErrorCode.None, Reassign([0, 1, 2]));
        Assert.False(Partition.IsReassigning);
        Assert.Equal([0, 1, 2], Partition.Replicas);
    }

    [Fact]
    public void Reassign_StillBeingAdded_StaysSoInTheNext()
    {
        Reassign([0, 1, 2, 3]);
        Assert.Equal(ErrorCode.None, Reassign([0, 1, 3]));
        Assert.Equal([3], Partition.AddingReplicas);
        Assert.Equal([2], Partition.RemovingReplicas);
    }

    [Theory]
    [InlineData(new[] { 0, 7 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(new[] { 0, 0 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(new int[0], ErrorCode.InvalidReplicaAssignment)]
    public void Reassign_ToWhatCannotBe_IsRefused(int[] target, ErrorCode expected) =>
        Assert.Equal(expected, Reassign([.. target]));

    [Fact]
    public void Reassign_AnotherFactor_MayBeForbidden()
    {
        Assert.Equal(ErrorCode.InvalidReplicationFactor, Reassign([0, 1], mayChangeFactor: false));
        Assert.Equal(ErrorCode.None, Reassign([0, 1, 3], mayChangeFactor: false));
        Assert.True(Partition.IsReassigning);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, Reassign([0, 1, 3, 4], mayChangeFactor: false));
    }

    [Fact]
    public void Reassign_UnknownTopicOrPartition_SaysSo()
    {
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Reassign([1], topic: "no"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Reassign([1], partition: 9));
        Assert.Empty(List([new() { Name = "no", PartitionIndexes = [0] }]).Topics);
    }

    private ListPartitionReassignmentsResponse List(
        List<ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics>? topics) =>
        _bench.Ask<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest { Topics = topics });

    private ErrorCode Reassign(
        List<int>? target, bool mayChangeFactor = true, string topic = "t", int partition = 0)
    {
        AlterPartitionReassignmentsRequest request = new()
        {
            AllowReplicationFactorChange = mayChangeFactor,
            Topics =
            [
                new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = target }] },
            ],
        };
        var answer = _bench.Ask<AlterPartitionReassignmentsResponse>(request, 1);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return Assert.Single(Assert.Single(answer.Responses).Partitions).ErrorCode;
    }
}
