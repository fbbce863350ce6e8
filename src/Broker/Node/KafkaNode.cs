using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Quotas;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>One Kafka node: a controller, a broker or both. Used by the server and by the simulator alike.</summary>
/// <remarks>
/// The constructor reads what is on disk and sends nothing. Then the listeners are opened, then
/// <see cref="StartAsync"/> joins the quorum.
/// </remarks>
public sealed class KafkaNode
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    private readonly NodeCore _core;
    private readonly ControllerPart? _controller;
    private readonly BrokerPart? _broker;
    private readonly IDisposable? _metadataLock;

    /// <exception cref="NodeConfigException">The storage is not formatted, or for another node or cluster.</exception>
    /// <exception cref="StorageException">The storage cannot be read, or another process holds it.</exception>
    public KafkaNode(NodeEnvironment environment, NodeConfig config)
    {
        ILogger logger = environment.Loggers.CreateLogger("kraftsharp.node");
        MetaProperties properties = NodeStorage.Check(environment.Storage, config);
        if (!config.IsBroker || !config.LogDirectories.Contains(config.MetadataDirectory))
        {
            // Those of a broker are locked by its LogManager.
            _metadataLock = environment.Storage.LockDirectory(config.MetadataDirectory);
        }

        RaftDriver quorum = new(
            NodeSettings.Raft(config, properties) with { Planted = environment.Planted }, environment.Storage,
            config.MetadataDirectory, environment.Transport, environment.Time, environment.Chance.Fork(),
            environment.Loggers.CreateLogger("kraftsharp.raft"))
        {
            Faulted = environment.Fault,
        };
        MetadataLoader loader = new(
            NodeSettings.Loader(config) with { Planted = environment.Planted }, quorum,
            new Strand { Faulted = environment.Fault }, environment.Time,
            environment.Loggers.CreateLogger("kraftsharp.metadata"));
        RaftStats = quorum.Stats;
        _core = new NodeCore(environment, config, properties.ClusterId, quorum, loader, logger);
        if (config.IsController)
        {
            _controller = new ControllerPart(_core, new QuorumController(
                NodeSettings.Controller(
                    config, properties, NodeStorage.ReadBootstrap(environment.Storage, config.MetadataDirectory)),
                quorum, environment.Transport, environment.Time, environment.Chance.Fork(),
                environment.Loggers.CreateLogger("kraftsharp.controller"))
            {
                Faulted = environment.Fault,
            });
        }

        if (config.IsBroker)
        {
            _broker = new BrokerPart(_core);
        }

        Listeners = [.. config.Listeners.Select(ServedBy)];
    }

    public NodeConfig Config => _core.Config;

    public string ClusterId => _core.ClusterId;

    /// <summary>What is to be served, before <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<NodeListener> Listeners { get; }

    public IQuorum Quorum => _core.Quorum;

    /// <summary>How quick the quorum is, as this node sees it. Any thread.</summary>
    public RaftStats RaftStats { get; }

    /// <summary>The metadata as this node knows it. Any thread.</summary>
    public MetadataImage Image => _core.Loader.Current;

    /// <summary>Hears of each new <see cref="Image"/>. Any thread.</summary>
    public void Subscribe(IMetadataSubscriber subscriber) => _core.Loader.Subscribe(subscriber);

    /// <summary>Null on a node that is only a controller.</summary>
    public ReplicaManager? Replicas => _broker?.Replicas;

    /// <summary>What clients push of their own metrics; null on a node that is only a controller.</summary>
    internal TelemetryPart? Telemetry => _broker?.Telemetry;

    /// <summary>What clients use of their quotas; null on a node that is only a controller.</summary>
    internal ClientQuotas? Quotas => _broker?.Quotas;

    /// <summary>What was counted of the requests of all listeners. Any thread.</summary>
    public IEnumerable<RequestStats> RequestStats => Network.RequestStats.Merge(
        new[] { _broker?.Processor, _controller?.Processor }
            .OfType<RequestProcessor>()
            .SelectMany(processor => processor.Table.Entries)
            .SelectMany(entry => entry.Stats));

    /// <summary>Whether a coordinator that this node has become is still reading its log. Any thread.</summary>
    public bool IsLoadingCoordinators => _broker?.IsLoadingCoordinators ?? false;

    /// <summary>How long flushes of this broker's logs took; null on a node that is only a controller.</summary>
    public LatencyHistogram? Flushes => _broker?.Flushes;

    /// <summary>Whether an operator keeps this node's broker fenced. Any thread.</summary>
    public bool IsHeld => _broker?.Lifecycle.IsHeld ?? false;

    /// <summary>Keeps this node's broker fenced while it lives and replicates, or lets it serve again.</summary>
    public void Hold(bool isHeld) => _broker?.Lifecycle.Hold(isHeld);

    /// <summary>Completes when the quorum has a leader and this node's broker (if it is one) is unfenced.</summary>
    public async Task StartAsync()
    {
        TaskCompletionSource hasLeader = new();
        _core.Quorum.Register(_core.Loader);
        _core.Quorum.Register(new LeaderWatcher(leader =>
        {
            _controller?.ControllerChanged();
            _broker?.ControllerChanged();
            if (leader.LeaderId is not null)
            {
                hasLeader.TrySetResult();
            }
        }));
        _controller?.Start(_core.Loader);
        Task unfenced = _broker?.StartAsync(_core.Loader) ?? Task.CompletedTask;
        await _core.Quorum.StartAsync();
        if (_core.Quorum.Leader.LeaderId is null)
        {
            await hasLeader.Task;
        }

        await unfenced;
    }

    /// <summary>Controlled shutdown: hands leadership over, checkpoints, closes. The storage is quiet afterwards.
    /// </summary>
    public async Task ShutdownAsync()
    {
        if (_broker is not null)
        {
            await _broker.ShutDownAsync(ShutdownPatience);
        }

        _controller?.Shutdown();
        await _core.Quorum.ShutdownAsync();
        _metadataLock?.Dispose();
    }

    private NodeListener ServedBy(ListenerAddress listener)
    {
        bool isController = Config.IsControllerListener(listener.Name);
        return new NodeListener(
            listener.Name, listener.Host, listener.Port, isController ? ListenerKind.Controller : ListenerKind.Broker,
            isController ? _controller!.Processor : _broker!.Processor,
            isController ? Task.CompletedTask : _broker!.CaughtUp);
    }
}
