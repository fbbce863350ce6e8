using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

public sealed class IsrTests
{
    private readonly ControllerBench _bench = ControllerBench.WithBrokers(3);

    public IsrTests() => _bench.CreateTopicOn("t", 0, 1, 2);

    private PartitionRegistration Partition => _bench.Image.Topics.Partition("t", 0)!;

    [Fact]
    public void AlterPartition_SmallerIsr_GrowsThePartitionEpochOnly()
    {
        AlterPartitionResponse.PartitionData answer = _bench.AlterIsr("t", 0, 0, 1);

        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Assert.Equal([0, 1], answer.Isr);
        Assert.Equal(1, answer.PartitionEpoch);
        Assert.Equal(0, answer.LeaderEpoch);
        Assert.Equal([0, 1], Partition.Isr);
    }

    [Fact]
    public void AlterPartition_NotTheLeader_IsRefused() =>
        Assert.Equal(ErrorCode.InvalidRequest, _bench.AlterIsr("t", 1, 0, 1).ErrorCode);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 0, 0 })]
    [InlineData(new[] { 0, 7 })]
    public void AlterPartition_IsrThatCannotBe_IsRefused(int[] isr) =>
        Assert.Equal(ErrorCode.InvalidRequest, _bench.AlterIsr("t", 0, isr).ErrorCode);

    [Fact]
    public void AlterPartition_FencedMember_IsIneligible()
    {
        _bench.Heartbeat(2, wantFence: true);

        Assert.Equal([0, 1], Partition.Isr);
        Assert.Equal(ErrorCode.IneligibleReplica, _bench.AlterIsr("t", 0, 0, 1, 2).ErrorCode);
    }

    [Theory]
    [InlineData(1, 0, ErrorCode.NotController)]
    [InlineData(-1, 0, ErrorCode.FencedLeaderEpoch)]
    [InlineData(0, 1, ErrorCode.NotController)]
    [InlineData(0, -1, ErrorCode.InvalidUpdateVersion)]
    public void AlterPartition_OtherEpochs_AreFenced(int leaderDelta, int partitionDelta, ErrorCode expected)
    {
        _bench.Heartbeat(0, wantFence: true);
        _bench.Heartbeat(0);
        AlterPartitionRequest request = new()
        {
            BrokerId = Partition.Leader,
            BrokerEpoch = _bench.EpochOf(Partition.Leader),
            Topics =
            [
                new()
                {
                    TopicId = _bench.Image.Topics.ByName["t"],
                    Partitions =
                    [
                        new()
                        {
                            LeaderEpoch = Partition.LeaderEpoch + leaderDelta,
                            PartitionEpoch = Partition.PartitionEpoch + partitionDelta,
                            NewIsr = [1, 2],
                        },
                    ],
                },
            ],
        };

        Assert.Equal(
            expected, _bench.Ask<AlterPartitionResponse>(request, 2).Topics[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public void AlterPartition_MemberOfAnotherIncarnation_IsIneligible()
    {
        _bench.AlterIsr("t", 0, 0, 1);
        AlterPartitionRequest request = new()
        {
            BrokerId = 0,
            BrokerEpoch = _bench.EpochOf(0),
            Topics =
            [
                new()
                {
                    TopicId = _bench.Image.Topics.ByName["t"],
                    Partitions =
                    [
                        new()
                        {
                            PartitionEpoch = 1,
                            NewIsrWithEpochs =
                            [
                                new() { BrokerId = 0 },
                                new() { BrokerId = 2, BrokerEpoch = _bench.EpochOf(2) - 1 },
                            ],
                        },
                    ],
                },
            ],
        };

        Assert.Equal(
            ErrorCode.IneligibleReplica,
            _bench.Ask<AlterPartitionResponse>(request, 3).Topics[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public void ElectLeaders_Preferred_MovesBackAndSaysWhenThereIsNothingToDo()
    {
        _bench.Heartbeat(0, wantFence: true);
        _bench.Heartbeat(0);
        Assert.Equal(1, Partition.Leader);
        ElectLeadersRequest request = new()
        {
            TopicPartitions = [new() { Topic = "t", Partitions = [0] }],
        };

        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Elect(request));
        _bench.AlterIsr("t", 1, 1, 2, 0);
        Assert.Equal(ErrorCode.None, Elect(request));
        Assert.Equal(0, Partition.Leader);
        Assert.Equal(ErrorCode.ElectionNotNeeded, Elect(request));
    }

    [Fact]
    public void Rebalance_AfterItsInterval_ReturnsToThePreferredLeader()
    {
        _bench.Heartbeat(0, wantFence: true);
        _bench.Heartbeat(0);
        _bench.AlterIsr("t", 1, 1, 2, 0);

        for (int s = 0; s < 301; s++)
        {
            _bench.Time.Advance(1000);
            for (int id = 0; id < 3; id++)
            {
                _bench.Heartbeat(id);
            }
        }

        Assert.Equal(0, Partition.Leader);
    }

    [Fact]
    public void UncleanElection_AllowedLater_ElectsAtOnceAndSaysSo()
    {
        _bench.AlterIsr("t", 0, 0);
        _bench.Heartbeat(0, wantFence: true);
        Assert.Equal(PartitionRegistration.NoLeader, Partition.Leader);

        _bench.Ask<IncrementalAlterConfigsResponse>(new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = 2,
                    ResourceName = "t",
                    Configs = [new() { Name = "unclean.leader.election.enable", Value = "true" }],
                },
            ],
        });

        Assert.Equal(1, Partition.Leader);
        Assert.Equal([1], Partition.Isr);
        Assert.Equal(LeaderRecoveryState.Recovering, Partition.LeaderRecoveryState);
    }

    private ErrorCode Elect(ElectLeadersRequest request) =>
        _bench.Ask<ElectLeadersResponse>(request, 2).ReplicaElectionResults[0].PartitionResult[0].ErrorCode;
}
