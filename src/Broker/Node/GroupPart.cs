using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The group coordinator of a broker, and what its listeners serve of it.</summary>
internal sealed class GroupPart
{
    private readonly CoordinatorRuntime<GroupShard> _runtime;
    private readonly Func<MetadataImage> _image;
    private readonly GroupConfigReader _configs;
    private readonly TimeProvider _time;

    public GroupPart(NodeCore core, ReplicaManager replicas)
    {
        NodeEnvironment environment = core.Environment;
        GroupSettings settings = GroupSettings.From(core.Config);
        ulong seed = environment.Chance.NextBits();
        _image = () => core.Loader.Current;
        _time = environment.Time;
        _configs = new GroupConfigReader(new EffectiveConfigs(core.Config.Properties, core.Config.NodeId), _image);
        _runtime = new CoordinatorRuntime<GroupShard>(new CoordinatorSettings<GroupShard>
        {
            Topic = TopicNames.ConsumerOffsets,
            Kind = CoordinatorKind.Group,
            NewState = (partition, timers) => new GroupShard(
                new GroupServices(settings, environment.Time, ChanceOf(seed, partition, environment.Time), _image)
                {
                    Configs = _configs,
                    Planted = environment.Planted,
                },
                timers),
            Time = environment.Time,
            Logger = core.Logger,
            Fault = environment.Fault,
            Planted = environment.Planted,
            WriteTimeoutMs = core.Config.GetInt("offsets.commit.timeout.ms"),
            Compression = (CompressionCodec)core.Config.GetInt("offsets.topic.compression.codec"),
        });
        replicas.Observe(_runtime);
        Coordinator = new GroupCoordinator(
            _runtime, settings, core.Config.GetInt("offsets.topic.num.partitions"), _image);
    }

    public GroupCoordinator Coordinator { get; }

    public bool IsLoading => _runtime.IsLoading;

    /// <param name="clearAsync">Removes what a group keeps elsewhere, before it is deleted.</param>
    public void AddHandlers(
        HandlerTable table, Forwarder forwarder, Func<string, Task<ErrorCode>> clearAsync)
    {
        GroupAdmin admin = new(Coordinator) { ClearAsync = clearAsync };
        StreamsCoordinator streams = new(Coordinator, _image);
        table
            .Add(ApiKey.JoinGroup, new JoinGroupHandler(Coordinator))
            .Add(ApiKey.SyncGroup, new SyncGroupHandler(Coordinator))
            .Add(ApiKey.Heartbeat, new HeartbeatHandler(Coordinator))
            .Add(ApiKey.LeaveGroup, new LeaveGroupHandler(Coordinator))
            .Add(ApiKey.OffsetCommit, new OffsetCommitHandler(Coordinator, _image))
            .Add(ApiKey.OffsetFetch, new OffsetFetchHandler(Coordinator, _image))
            .Add(ApiKey.OffsetDelete, new OffsetDeleteHandler(admin, _image))
            .Add(ApiKey.DescribeGroups, new DescribeGroupsHandler(admin))
            .Add(ApiKey.ConsumerGroupHeartbeat, new ConsumerGroupHeartbeatHandler(Coordinator))
            .Add(ApiKey.ConsumerGroupDescribe, new ConsumerGroupDescribeHandler(admin))
            .Add(ApiKey.StreamsGroupHeartbeat, new StreamsGroupHeartbeatHandler(streams, new StreamsTopicCreator(
                forwarder, _time, groupId => new StreamsSettings(_configs, groupId).HeartbeatIntervalMs)))
            .Add(ApiKey.StreamsGroupDescribe, new StreamsGroupDescribeHandler(streams))
            .Add(
                ApiKey.StreamsGroupTopologyDescriptionUpdate,
                new StreamsGroupTopologyDescriptionUpdateHandler(streams))
            .Add(ApiKey.ListGroups, new ListGroupsHandler(admin))
            .Add(ApiKey.DeleteGroups, new DeleteGroupsHandler(admin));
    }

    public void Shutdown() => _runtime.Shutdown();

    /// <summary>Another one for each shard and each of its terms: its numbers become member ids.</summary>
    private static Prng ChanceOf(ulong seed, int partition, TimeProvider time) =>
        new(new Prng(seed + (ulong)partition).NextBits() ^ (ulong)time.GetTimestamp());
}
