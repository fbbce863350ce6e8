using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The share groups of a broker: the coordinator of their state, the share partitions that it leads, and what
/// its listeners serve of both.</summary>
internal sealed class SharePart : IDisposable
{
    private readonly NodeCore _core;
    private readonly ReplicaManager _replicas;
    private readonly BrokerRequests _brokers;
    private readonly CoordinatorRuntime<ShareStateShard> _runtime;
    private readonly ShareStateCoordinator _states;
    private readonly ShareStateClient _client;
    private readonly ShareGroups _shares;
    private readonly ShareGroupCoordinator _groups;
    private readonly ShareGroupOffsets _offsets;

    /// <param name="topics">Makes the state topic.</param>
    /// <param name="controller">Makes dead letter queues.</param>
    public SharePart(
        NodeCore core, ReplicaManager replicas, GroupCoordinator groups, InternalTopics topics,
        ControllerChannel controller)
    {
        _core = core;
        _replicas = replicas;
        NodeEnvironment environment = core.Environment;
        _brokers = new BrokerRequests(environment.Transport, Image, core.Config.InterBrokerListener, "shares");
        _runtime = NewRuntime();
        _states = new ShareStateCoordinator(
            _runtime, topics.PartitionCount(TopicNames.ShareGroupState), Image);
        _client = new ShareStateClient(_states, _brokers, new ShareStateClientSettings
        {
            BrokerId = core.Config.NodeId,
            Image = Image,
            Time = environment.Time,
            CreateTopic = () => topics.Create(TopicNames.ShareGroupState),
        });
        EffectiveConfigs configs = new(core.Config.Properties, core.Config.NodeId);
        ShareServices services = new()
        {
            Replicas = replicas,
            State = _client,
            DeadLetters = new DeadLetters(
                new DeadLetterTopics(controller, configs, Image, environment.Time), replicas, _brokers,
                environment.Time, core.Logger),
            Configs = new GroupConfigReader(configs, Image),
            Image = Image,
            Time = environment.Time,
            Logger = core.Logger,
            Fault = environment.Fault,
            Sessions = new ShareSessionTable(core.Config.GetInt("group.share.max.share.sessions")),
        };
        _shares = new ShareGroups(services);
        _groups = new ShareGroupCoordinator(groups, _client, services.Follow);
        _offsets = new ShareGroupOffsets(
            groups, _groups, _client,
            new PartitionEnds(replicas, _brokers, Image, TimeSpan.FromMilliseconds(
                core.Config.GetInt("request.timeout.ms"))));
    }

    /// <summary>What a group keeps with the share coordinator has to go before the group does.</summary>
    public Func<string, Task<ErrorCode>> ClearGroupAsync => _groups.ClearAsync;

    public void Subscribe(MetadataLoader loader)
    {
        loader.Subscribe(_states);
        loader.Subscribe(_groups);
        loader.Subscribe(_shares);
    }

    public void ConnectionClosed(ConnectionContext connection) => _shares.ConnectionClosed(connection.Id);

    public void AddHandlers(HandlerTable table) => table
        .Add(ApiKey.ShareGroupHeartbeat, new ShareGroupHeartbeatHandler(_groups, _shares))
        .Add(ApiKey.ShareGroupDescribe, new ShareGroupDescribeHandler(_groups, _shares))
        .Add(ApiKey.ShareFetch, new ShareFetchHandler(_shares, _replicas, Image))
        .Add(ApiKey.ShareAcknowledge, new ShareAcknowledgeHandler(_shares, _replicas, Image))
        .Add(ApiKey.InitializeShareGroupState, new InitializeShareGroupStateHandler(_states))
        .Add(ApiKey.ReadShareGroupState, new ReadShareGroupStateHandler(_states))
        .Add(ApiKey.WriteShareGroupState, new WriteShareGroupStateHandler(_states))
        .Add(ApiKey.DeleteShareGroupState, new DeleteShareGroupStateHandler(_states))
        .Add(ApiKey.ReadShareGroupStateSummary, new ReadShareGroupStateSummaryHandler(_states))
        .Add(ApiKey.DescribeShareGroupOffsets, new DescribeShareGroupOffsetsHandler(_offsets, _shares))
        .Add(ApiKey.AlterShareGroupOffsets, new AlterShareGroupOffsetsHandler(_offsets, _shares))
        .Add(ApiKey.DeleteShareGroupOffsets, new DeleteShareGroupOffsetsHandler(_offsets, _shares));

    public void Dispose()
    {
        _shares.Shutdown();
        _client.Dispose();
        _runtime.Shutdown();
        _brokers.Dispose();
    }

    private MetadataImage Image() => _core.Loader.Current;

    private CoordinatorRuntime<ShareStateShard> NewRuntime()
    {
        NodeEnvironment environment = _core.Environment;
        ShareStateServices services = ShareStateServices.From(
            _core.Config, environment.Time, Image, (partition, offset) => _replicas.Delete(
                new TopicPartition(TopicNames.ShareGroupState, partition), offset,
                _core.Config.GetInt("request.timeout.ms")));
        CoordinatorRuntime<ShareStateShard> runtime = new(new CoordinatorSettings<ShareStateShard>
        {
            Topic = TopicNames.ShareGroupState,
            Kind = CoordinatorKind.Share,
            NewState = (partition, timers) => new ShareStateShard(partition, timers, services),
            Time = environment.Time,
            Logger = _core.Logger,
            Fault = environment.Fault,
            WriteTimeoutMs = _core.Config.GetInt("share.coordinator.write.timeout.ms"),
        });
        _replicas.Observe(runtime);
        return runtime;
    }
}
