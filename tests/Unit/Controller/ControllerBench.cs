using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Unit.Controller;

/// <summary>A controller with everything around it in the test's hands, and a loader that follows it.</summary>
internal sealed class ControllerBench
{
    public const string ClusterId = "bench-cluster";

    public ControllerBench(Func<ControllerSettings, ControllerSettings>? configure = null, ulong seed = 1)
    {
        ControllerSettings settings = new() { NodeId = 1, ClusterId = ClusterId, MaxIdleIntervalMs = 0 };
        Controller = new QuorumController(
            configure?.Invoke(settings) ?? settings, Quorum, Transport, Time, new Prng(seed),
            NullLogger.Instance);
        Loader = new MetadataLoader(
            new MetadataLoaderSettings(), Quorum, new Strand(), Time, NullLogger.Instance);
        Quorum.Register(Loader);
        Controller.Start();
        Loader.Subscribe(Recorder);
    }

    public FakeQuorum Quorum { get; } = new(1);

    public FakeTransport Transport { get; } = new();

    public ManualTime Time { get; } = new();

    public QuorumController Controller { get; }

    public MetadataLoader Loader { get; }

    public ImageRecorder Recorder { get; } = new();

    /// <summary>What is committed.</summary>
    public MetadataImage Image => Loader.Current;

    /// <summary>An active controller with unfenced brokers 0 to <paramref name="brokers"/> - 1.</summary>
    public static ControllerBench WithBrokers(
        int brokers, Func<ControllerSettings, ControllerSettings>? configure = null, ulong seed = 1)
    {
        ControllerBench bench = new(configure, seed);
        bench.Quorum.Lead();
        for (int id = 0; id < brokers; id++)
        {
            bench.RegisterBroker(id);
            bench.Heartbeat(id);
        }

        return bench;
    }

    public ValueTask<IApiMessage> Send(IApiMessage request, short version = 0, long connection = 0) =>
        Controller.HandleAsync(new ControllerRequestContext(version, connection), request);

    /// <summary>Sends a request that must have been answered when this returns.</summary>
    public TResponse Ask<TResponse>(IApiMessage request, short version = 0, long connection = 0)
        where TResponse : IApiMessage
    {
        ValueTask<IApiMessage> answer = Send(request, version, connection);
        Assert.True(answer.IsCompleted, "the controller has answered");
        return Assert.IsType<TResponse>(answer.GetAwaiter().GetResult());
    }

    public BrokerRegistrationResponse RegisterBroker(
        int id, long incarnation = 1, long previousEpoch = -1, long? connection = null) =>
        Ask<BrokerRegistrationResponse>(Registration(id, incarnation, previousEpoch), 4, connection ?? id);

    public static BrokerRegistrationRequest Registration(int id, long incarnation, long previousEpoch = -1) => new()
    {
        BrokerId = id,
        ClusterId = ClusterId,
        IncarnationId = new Uuid(id + 1, incarnation + 1000),
        Rack = $"rack-{id}",
        LogDirs = [new Uuid(id + 1, 777)],
        PreviousBrokerEpoch = previousEpoch,
        Listeners = [new() { Name = "PLAINTEXT", Host = "localhost", Port = (ushort)(9000 + id) }],
        Features =
        [
            .. KnownFeatures.All.Select(feature => new BrokerRegistrationRequest.Feature
            {
                Name = feature.Name,
                MinSupportedVersion = feature.Supported.Min,
                MaxSupportedVersion = feature.Supported.Max,
            }),
        ],
    };

    public long EpochOf(int brokerId) => Image.Cluster.Broker(brokerId)?.Epoch ?? -1;

    public BrokerHeartbeatResponse Heartbeat(
        int id, bool wantFence = false, bool wantShutDown = false, long? connection = null, long? offset = null) =>
        Ask<BrokerHeartbeatResponse>(
            new BrokerHeartbeatRequest
            {
                BrokerId = id,
                BrokerEpoch = EpochOf(id),
                CurrentMetadataOffset = offset ?? Quorum.LogEndOffset - 1,
                WantFence = wantFence,
                WantShutDown = wantShutDown,
            },
            2, connection ?? id);

    public CreateTopicsResponse.CreatableTopicResult CreateTopic(
        string name, int partitions = 1, short factor = 1, params (string Name, string Value)[] configs)
    {
        CreateTopicsRequest.CreatableTopic topic = new()
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = factor,
            Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig
            {
                Name = config.Name,
                Value = config.Value,
            })],
        };
        return Assert.Single(Ask<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [topic] }, 7).Topics);
    }

    /// <summary>A topic with one partition on these replicas.</summary>
    public TopicImage CreateTopicOn(string name, params int[] replicas)
    {
        CreateTopicsRequest.CreatableTopic topic = new()
        {
            Name = name,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Assignments = [new() { PartitionIndex = 0, BrokerIds = [.. replicas] }],
        };
        var result = Assert.Single(Ask<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [topic] }, 7).Topics);
        Assert.Equal(ErrorCode.None, result.ErrorCode);
        Assert.True(Image.Topics.TryGet(name, out TopicImage? created));
        return created;
    }

    public AlterPartitionResponse.PartitionData AlterIsr(string topic, int leader, params int[] isr)
    {
        Assert.True(Image.Topics.TryGet(topic, out TopicImage? image));
        PartitionRegistration partition = image.Partitions[0];
        AlterPartitionRequest request = new()
        {
            BrokerId = leader,
            BrokerEpoch = EpochOf(leader),
            Topics =
            [
                new()
                {
                    TopicId = image.Id,
                    Partitions =
                    [
                        new()
                        {
                            PartitionIndex = 0,
                            LeaderEpoch = partition.LeaderEpoch,
                            PartitionEpoch = partition.PartitionEpoch,
                            LeaderRecoveryState = (sbyte)partition.LeaderRecoveryState,
                            NewIsrWithEpochs = [.. isr.Select(id => new AlterPartitionRequest.BrokerState
                            {
                                BrokerId = id,
                                BrokerEpoch = EpochOf(id),
                            })],
                        },
                    ],
                },
            ],
        };
        return Assert.Single(Assert.Single(Ask<AlterPartitionResponse>(request, 3).Topics).Partitions);
    }
}
