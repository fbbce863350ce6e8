using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Quotas;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The broker of a node: its logs and replicas, its registration, and what its listeners serve.</summary>
internal sealed class BrokerPart
{
    private static readonly TimeSpan ForwardTimeout = TimeSpan.FromSeconds(30);

    private static readonly ApiKey[] ForwardedApis =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions, ApiKey.ElectLeaders,
        ApiKey.UpdateFeatures, ApiKey.UnregisterBroker,
        ApiKey.UnregisterController, ApiKey.DescribeQuorum, ApiKey.AlterPartitionReassignments,
        ApiKey.ListPartitionReassignments, ApiKey.AlterClientQuotas, ApiKey.AlterUserScramCredentials,
        ApiKey.AddRaftVoter, ApiKey.RemoveRaftVoter,
    ];

    private readonly NodeCore _core;
    private readonly DirectoryPart _directories;
    private readonly LogManager _logs;
    private readonly ReplicaManager _replicas;
    private readonly CleanerPart _cleaner;
    private readonly GroupPart _groups;
    private readonly BrokerIdentity _identity;
    private readonly BrokerLifecycle _lifecycle;
    private readonly ControllerChannel _heartbeats;
    private readonly ControllerChannel _forwarding;
    private readonly ControllerChannel _replication;
    private readonly TransactionPart _transactions;
    private readonly InternalTopics _internalTopics;
    private readonly SharePart _shares;
    private readonly TelemetryPart _telemetry;
    private readonly ClientQuotas _quotas;

    public BrokerPart(NodeCore core)
    {
        _core = core;
        NodeEnvironment environment = core.Environment;
        _heartbeats = core.NewControllerChannel("heartbeat");
        _forwarding = core.NewControllerChannel("forwarding");
        _replication = core.NewControllerChannel("alter-partition");
        _directories = new DirectoryPart(core);
        _logs = _directories.Logs;
        _identity = new BrokerIdentity(
            core.ClusterId, environment.Chance.NextUuid(), _directories, _logs.CleanShutdownBrokerEpoch);
        _lifecycle = new BrokerLifecycle(
            core.Config, _identity, _heartbeats, environment.Time, core.Logger, environment.Fault);
        _replicas = new ReplicaManager(new ReplicaManagerSettings
        {
            Options = NodeSettings.Replication(core.Config) with { Planted = environment.Planted },
            Logs = _logs,
            Transport = environment.Transport,
            Controller = _replication.Send,
            Time = environment.Time,
            Chance = environment.Chance.Fork(),
            Logger = environment.Loggers.CreateLogger("kraftsharp.replication"),
            BrokerEpoch = () => _lifecycle.Epoch,
            TopicSettings = TopicSettingsOf,
            IsCordoned = _directories.IsCordoned,
            MoveBytesPerSecond = _directories.MoveBytesPerSecond,
            Fault = _directories.Fault,
        });
        _directories.Failed = _replicas.DirectoryFailed;
        _directories.Changed = _lifecycle.DirectoriesChanged;
        _cleaner = new CleanerPart(core, _directories, _replicas);
        _groups = new GroupPart(core, _replicas);
        _transactions = new TransactionPart(core, _replicas, _groups.Coordinator);
        _internalTopics = new InternalTopics(core.Config, new Forwarder(_forwarding, ForwardTimeout), _forwarding);
        _shares = new SharePart(core, _replicas, _groups.Coordinator, _internalTopics, _forwarding);
        _telemetry = new TelemetryPart(core);
        _quotas = new ClientQuotas(NodeSettings.Windows(core.Config, "quota"), environment.Time);
        Processor = new RequestProcessor(NewTable(), environment.Time, core.RequestLogger)
        {
            Faulted = environment.Fault,
            ConnectionClosed = _shares.ConnectionClosed,
            Quotas = _quotas,
        };
    }

    public RequestProcessor Processor { get; }

    /// <summary>Completes when the metadata has been read up to this broker's registration.</summary>
    public Task CaughtUp => _lifecycle.CaughtUp;

    public ReplicaManager Replicas => _replicas;

    public LogManager Logs => _logs;

    public TelemetryPart Telemetry => _telemetry;

    public ClientQuotas Quotas => _quotas;

    public BrokerLifecycle Lifecycle => _lifecycle;

    /// <summary>How long flushes of logs took.</summary>
    public LatencyHistogram Flushes => _directories.Flushes;

    public bool IsLoadingCoordinators => _groups.IsLoading || _transactions.Coordinator.Runtime.IsLoading;

    /// <summary>Completes when the broker is unfenced.</summary>
    public Task StartAsync(MetadataLoader loader)
    {
        // The replicas first: what the lifecycle tells the controller has been taken over by them.
        loader.Subscribe(new RegistrationGate(_core.Config.NodeId, _identity.IncarnationId, _replicas));
        loader.Subscribe(_directories);
        loader.Subscribe(_cleaner);
        loader.Subscribe(_groups.Coordinator);
        _shares.Subscribe(loader);
        loader.Subscribe(_telemetry.Telemetry);
        loader.Subscribe(_quotas);
        loader.Subscribe(_lifecycle);
        _lifecycle.Start();
        _cleaner.Cleaner.Start();
        return _lifecycle.Unfenced;
    }

    public void ControllerChanged()
    {
        _heartbeats.ControllerChanged();
        _forwarding.ControllerChanged();
        _replication.ControllerChanged();
        _lifecycle.ControllerChanged();
    }

    /// <summary>Hands leadership over, if the controller takes it in time.</summary>
    public async Task ShutDownAsync(TimeSpan patience)
    {
        if (_core.Config.GetBool("controlled.shutdown.enable"))
        {
            TaskCompletionSource late = new();
            await using ITimer timer = _core.Environment.Time.CreateTimer(
                _ => late.TrySetResult(), null, patience, Timeout.InfiniteTimeSpan);
            await Task.WhenAny(_lifecycle.ShutDownAsync(), late.Task);
        }

        long epoch = _lifecycle.Epoch;
        _lifecycle.Dispose();
        _shares.Dispose();
        _directories.Dispose();
        _groups.Shutdown();
        _transactions.Dispose();
        await _cleaner.Cleaner.StopAsync();
        await _replicas.ShutdownAsync();
        _heartbeats.Dispose();
        _forwarding.Dispose();
        _replication.Dispose();
        await _logs.CleanShutdownAsync(epoch);
    }

    private HandlerTable NewTable()
    {
        NodeConfig config = _core.Config;
        Func<MetadataImage> image = () => _core.Loader.Current;
        Forwarder forwarder = new(_forwarding, ForwardTimeout);
        TopicAutoCreator creator = new(
            forwarder, config.GetBool("auto.create.topics.enable"), config.GetInt("num.partitions"),
            (short)config.GetInt("default.replication.factor"));
        HandlerTable table = new(ListenerKind.Broker);
        table.Add(ForwardedApis, new ForwardingHandler(forwarder));
        SecurityApis.AddTo(table);
        NodeLoggers loggers = _core.NewLoggers();
        AlterConfigsHandler alterConfigs = new(forwarder, new ConfigChecks(config, image), loggers);
        _groups.AddHandlers(table, forwarder, _shares.ClearGroupAsync);
        _shares.AddHandlers(table);
        _transactions.AddHandlers(table);
        _telemetry.AddHandlers(table);
        return table
            .Add(ApiKey.ApiVersions, new ApiVersionsHandler(
                table, image, () => _core.Quorum.KRaftVersion, _core.ClusterId, config.NodeId))
            .Add(ApiKey.Metadata, new MetadataHandler(image, _core.ClusterId, config.NodeId, creator))
            .Add(ApiKey.DescribeCluster, new DescribeClusterHandler(
                ListenerKind.Broker, _core.ClusterId, image, () => MetadataHandler.AnyBroker(image(), config.NodeId)))
            .Add(ApiKey.DescribeTopicPartitions, new DescribeTopicPartitionsHandler(
                image, config.GetInt("max.request.partition.size.limit")))
            .Add(ApiKey.DescribeConfigs, new DescribeConfigsHandler(
                new EffectiveConfigs(config.Properties, config.NodeId), image, loggers, config.NodeId))
            .Add(ApiKey.DescribeClientQuotas, new DescribeClientQuotasHandler(image))
            .Add(ApiKey.DescribeUserScramCredentials, new DescribeScramHandler(image))
            .Add(ApiKey.AlterConfigs, alterConfigs)
            .Add(ApiKey.IncrementalAlterConfigs, alterConfigs)
            .Add(ApiKey.ListConfigResources, new ListConfigResourcesHandler(image))
            .Add(ApiKey.FindCoordinator, new FindCoordinatorHandler(
                image, _internalTopics,
                [TopicNames.ConsumerOffsets, TopicNames.TransactionState, TopicNames.ShareGroupState]))
            .Add(ApiKey.DescribeLogDirs, new DescribeLogDirsHandler(
                _logs, _core.Environment.Storage, _directories.IsCordoned))
            .Add(ApiKey.AlterReplicaLogDirs, new AlterReplicaLogDirsHandler(_logs, _replicas))
            .Add(ApiKey.Fetch, new FetchHandler(_replicas, _quotas))
            .Add(ApiKey.ListOffsets, new ListOffsetsHandler(_replicas))
            .Add(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpochHandler(_replicas))
            .Add(ApiKey.DeleteRecords, new DeleteRecordsHandler(_replicas));
    }

    /// <summary>A topic's own configs over the broker's: its dynamic ones, those of all brokers, its file.</summary>
    private TopicSettings TopicSettingsOf(
        IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> ownBroker,
        IReadOnlyDictionary<string, string> allBrokers)
    {
        const string MinInsync = "min.insync.replicas";
        Dictionary<string, string> broker = new(_core.Config.Properties, StringComparer.Ordinal);
        foreach ((string key, string value) in allBrokers.Concat(ownBroker))
        {
            broker[key] = value;
        }

        string minInsync = topic.GetValueOrDefault(MinInsync) ?? broker.GetValueOrDefault(MinInsync) ?? "1";
        return new TopicSettings(
            TopicConfigs.ToLogOptions(topic, broker), int.Parse(minInsync, CultureInfo.InvariantCulture));
    }
}
