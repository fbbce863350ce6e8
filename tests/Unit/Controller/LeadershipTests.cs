using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Tests.Unit.Controller;

public sealed class LeadershipTests
{
    [Fact]
    public void Activation_EmptyLog_WritesWhatKafkasFormatterAndControllerWrite()
    {
        ControllerBench bench = new();
        bench.Quorum.Lead();

        Assert.Equal(
            [
                "BeginTransactionRecord", "metadata.version=33", "eligible.leader.replicas.version=1",
                "group.version=1", "share.version=2", "streams.version=1", "transaction.version=2",
                "min.insync.replicas=1", "EndTransactionRecord",
            ],
            bench.Quorum.CommittedRecords.Select(record => record switch
            {
                FeatureLevelRecord feature => $"{feature.Name}={feature.FeatureLevel}",
                ConfigRecord config => $"{config.Name}={config.Value}",
                _ => record.GetType().Name,
            }));
        Assert.Equal(MetadataVersion.LatestProduction, bench.Image.Features.MetadataVersion);
    }

    [Fact]
    public void Activation_LogHasAnOpenTransaction_AbortsIt()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.Quorum.Lose();
        bench.Quorum.AppendByOther(
            new BeginTransactionRecord { Name = "half" },
            new TopicRecord { Name = "ghost", TopicId = new Uuid(9, 9) });
        bench.Quorum.Lead();

        Assert.IsType<AbortTransactionRecord>(bench.Quorum.CommittedRecords.Last());
        Assert.False(bench.Image.Topics.TryGet("ghost", out _));
        Assert.Equal(ErrorCode.None, bench.CreateTopic("ghost").ErrorCode);
    }

    [Fact]
    public void Request_NodeDoesNotLead_IsNotController()
    {
        ControllerBench bench = new();

        CreateTopicsResponse response = bench.Ask<CreateTopicsResponse>(
            new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] }, 7);

        Assert.Equal(ErrorCode.NotController, Assert.Single(response.Topics).ErrorCode);
    }

    [Fact]
    public async Task Request_Uncommitted_WaitsAndSoDoWhatSawIt()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.Quorum.CommitsAtOnce = false;
        CreateTopicsRequest request = new()
        {
            Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }],
        };

        ValueTask<IApiMessage> first = bench.Send(request, 7);
        ValueTask<IApiMessage> second = bench.Send(request, 7);
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        bench.Quorum.CommitAll();

        Assert.Equal(ErrorCode.None, ((CreateTopicsResponse)await first).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.TopicAlreadyExists, ((CreateTopicsResponse)await second).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Leadership_LostWithUncommittedRecords_ReturnsToTheCommittedState()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        bench.Quorum.CommitsAtOnce = false;
        CreateTopicsRequest request = new()
        {
            Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }],
        };
        ValueTask<IApiMessage> lost = bench.Send(request, 7);

        bench.Quorum.Lose();
        Assert.Equal(ErrorCode.NotController, ((CreateTopicsResponse)await lost).Topics[0].ErrorCode);
        Assert.False(bench.Controller.IsActive);
        bench.Quorum.CommitsAtOnce = true;
        bench.Quorum.Lead();

        Assert.Equal(ErrorCode.None, bench.CreateTopic("t").ErrorCode);
    }

    [Fact]
    public void Timeout_OfZero_IsTimedOutAndDecidesNothing()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        CreateTopicsRequest request = new()
        {
            TimeoutMs = 0,
            Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }],
        };

        CreateTopicsResponse response = bench.Ask<CreateTopicsResponse>(request, 7);

        Assert.Equal(ErrorCode.RequestTimedOut, response.Topics[0].ErrorCode);
        Assert.False(bench.Image.Topics.TryGet("t", out _));
    }

    [Fact]
    public void ProducerIds_AcrossLeaders_AreHandedOutOnce()
    {
        ControllerBench bench = ControllerBench.WithBrokers(1);
        AllocateProducerIdsRequest Request() => new() { BrokerId = 0, BrokerEpoch = bench.EpochOf(0) };

        Assert.Equal(0, bench.Ask<AllocateProducerIdsResponse>(Request()).ProducerIdStart);
        Assert.Equal(1000, bench.Ask<AllocateProducerIdsResponse>(Request()).ProducerIdStart);
        bench.Quorum.Lose();
        bench.Quorum.Lead();
        AllocateProducerIdsResponse third = bench.Ask<AllocateProducerIdsResponse>(Request());

        Assert.Equal(2000, third.ProducerIdStart);
        Assert.Equal(1000, third.ProducerIdLen);
    }
}
