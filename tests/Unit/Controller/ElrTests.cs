using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>KIP-966: eligible leader replicas.</summary>
public sealed class ElrTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(4);

    public ElrTests()
    {
        _bench.CreateTopic("t", 1, 3, ("min.insync.replicas", "2"));
        _bench.Heartbeat(3, wantFence: true);
        (First, Second, Third) = (Partition.Replicas[0], Partition.Replicas[1], Partition.Replicas[2]);
        _bench.Heartbeat(3);
    }

    private int First { get; }

    private int Second { get; }

    private int Third { get; }

    private PartitionRegistration Partition => _bench.Image.Topics.Partition("t", 0)!;

    [Fact]
    public void Isr_AtLeastMinInsync_HasNoElr()
    {
        _bench.Heartbeat(Third, wantFence: true);
        Assert.Equal(2, Partition.Isr.Length);
        Assert.Empty(Partition.Elr);
    }

    [Fact]
    public void Isr_UnderMinInsync_WhoLeavesStaysEligible()
    {
        FenceAll();
        Assert.Empty(Partition.Isr);
        Assert.Equal(new[] { First, Second }.Order(), Partition.Elr);
        Assert.Equal(PartitionRegistration.NoLeader, Partition.Leader);
        Assert.Equal([First], Partition.LastKnownElr);
    }

    [Fact]
    public void EligibleReplica_BackInOrder_LeadsCleanly()
    {
        FenceAll();
        _bench.Heartbeat(Second);
        Assert.Equal(Second, Partition.Leader);
        Assert.Equal([Second], Partition.Isr);
        Assert.Equal([First], Partition.Elr);
        Assert.Empty(Partition.LastKnownElr);
        Assert.Equal(LeaderRecoveryState.Recovered, Partition.LeaderRecoveryState);
        Assert.Equal(ErrorCode.None, Alter(Second, Second, Third).ErrorCode);
        Assert.Empty(Partition.Elr);
    }

    [Fact]
    public void EligibleReplica_BackAfterAnUncleanStop_IsEligibleNoMore()
    {
        FenceAll();
        Restart(Second, isClean: false);
        _bench.Heartbeat(Second);
        Assert.Equal([First], Partition.Elr);
        Assert.Equal(PartitionRegistration.NoLeader, Partition.Leader);
        Assert.Empty(Partition.Isr);
    }

    [Fact]
    public void EligibleReplica_BackAfterACleanStop_IsEligible()
    {
        FenceAll();
        Restart(Second, isClean: true);
        _bench.Heartbeat(Second);
        Assert.Equal(Second, Partition.Leader);
        Assert.Equal(LeaderRecoveryState.Recovered, Partition.LeaderRecoveryState);
    }

    [Fact]
    public void NobodyEligible_TheLastLeaderIsElected_AndItIsRecordedAsUnclean()
    {
        FenceAll();
        Restart(Second, isClean: false);
        _bench.Heartbeat(Second);
        Restart(First, isClean: false);
        Assert.Empty(Partition.Elr);
        Assert.Equal([First], Partition.LastKnownElr);
        _bench.Heartbeat(First);
        Assert.Equal((First, LeaderRecoveryState.Recovering), (Partition.Leader, Partition.LeaderRecoveryState));
        Assert.Equal([First], Partition.Isr);
    }

    [Fact]
    public void MinInsyncReplicas_Changes_ClearsWhoWasEligible()
    {
        _bench.Heartbeat(Third, wantFence: true);
        _bench.Heartbeat(Second, wantFence: true);
        Assert.Equal([Second], Partition.Elr);
        IncrementalAlterConfigsRequest.AlterConfigsResource topic = new()
        {
            ResourceType = 2,
            ResourceName = "t",
            Configs = [new() { Name = "min.insync.replicas", Value = "1" }],
        };
        _bench.Ask<IncrementalAlterConfigsResponse>(
            new IncrementalAlterConfigsRequest { Resources = [topic], ValidateOnly = true });
        Assert.Equal([Second], Partition.Elr);
        _bench.Ask<IncrementalAlterConfigsResponse>(new IncrementalAlterConfigsRequest { Resources = [topic] });
        Assert.Empty(Partition.Elr);
    }

    private void Restart(int broker, bool isClean)
    {
        _bench.Controller.ConnectionClosed(broker);
        var answer = _bench.RegisterBroker(
            broker, incarnation: 2, previousEpoch: isClean ? _bench.EpochOf(broker) : -1);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
    }

    // Third first, then Second, then the leader: the ISR is under its minimum with the second one.
    private void FenceAll()
    {
        _bench.Heartbeat(Third, wantFence: true);
        _bench.Heartbeat(Second, wantFence: true);
        _bench.Heartbeat(First, wantFence: true);
        _bench.Heartbeat(Third);
    }

    private AlterPartitionResponse.PartitionData Alter(int leader, params int[] isr) =>
        _bench.AlterIsr("t", leader, isr);
}
