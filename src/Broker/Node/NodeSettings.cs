using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Broker.Node;

/// <summary>What each part of a node is told, from the node's configuration.</summary>
internal static class NodeSettings
{
    public static RaftSettings Raft(NodeConfig config, MetaProperties properties) => new()
    {
        NodeId = config.NodeId,
        DirectoryId = properties.DirectoryId,
        ClusterId = properties.ClusterId,
        Voters = VoterSet.FromEndpoints(config.Voters),
        BootstrapServers = config.BootstrapServers,
        OwnListeners = config.IsController ? ControllerListeners(config) : [],
        JoinsByItself = config.GetBool("controller.quorum.auto.join.enable"),
        ControllerListenerName = config.ControllerListenerNames[0],
        ElectionTimeoutMs = config.GetInt("controller.quorum.election.timeout.ms"),
        FetchTimeoutMs = config.GetInt("controller.quorum.fetch.timeout.ms"),
        ElectionBackoffMaxMs = config.GetInt("controller.quorum.election.backoff.max.ms"),
        RequestTimeoutMs = config.GetInt("controller.quorum.request.timeout.ms"),
        RetryBackoffMs = config.GetInt("controller.quorum.retry.backoff.ms"),
        FetchMaxBytes = config.GetInt("controller.quorum.fetch.max.bytes"),
        FetchSnapshotMaxBytes = config.GetInt("controller.quorum.fetch.snapshot.max.bytes"),
        SegmentBytes = (int)(config.TryGetLong("internal.metadata.log.segment.bytes")
            ?? config.GetLong("metadata.log.segment.bytes")),
        SegmentMs = config.GetLong("metadata.log.segment.ms"),
        RetentionBytes = config.GetLong("metadata.max.retention.bytes"),
        RetentionMs = config.GetLong("metadata.max.retention.ms"),
    };

    /// <summary>The controller listeners of a node, as it tells the quorum of them.</summary>
    public static IReadOnlyList<VoterListener> ControllerListeners(NodeConfig config) =>
    [
        .. config.AdvertisedListeners
            .Where(listener => config.IsControllerListener(listener.Name))
            .Select(listener => new VoterListener(listener.Name, listener.Host, listener.Port)),
    ];

    public static ControllerSettings Controller(
        NodeConfig config, MetaProperties properties, IReadOnlyList<VersionedRecord> bootstrap) => new()
        {
            NodeId = config.NodeId,
            ClusterId = properties.ClusterId,
            BootstrapRecords = bootstrap,
            StaticConfigs = config.Properties,
            BrokerSessionTimeoutMs = config.GetInt("broker.session.timeout.ms"),
            AutoLeaderRebalance = config.GetBool("auto.leader.rebalance.enable"),
            LeaderImbalanceCheckIntervalSeconds = config.GetInt("leader.imbalance.check.interval.seconds"),
            MaxIdleIntervalMs = config.GetInt("metadata.max.idle.interval.ms"),
            UncleanElectionIntervalMs = config.GetLong("unclean.leader.election.interval.ms"),
            InterBrokerListenerName = config.InterBrokerListener,
            MutationWindows = Windows(config, "controller.quota"),
        };

    public static MetadataLoaderSettings Loader(NodeConfig config) => new()
    {
        MaxRecordBytesBetweenSnapshots = config.GetLong("metadata.log.max.record.bytes.between.snapshots"),
        MaxSnapshotIntervalMs = config.GetLong("metadata.log.max.snapshot.interval.ms"),
    };

    public static ReplicationOptions Replication(NodeConfig config) => new()
    {
        BrokerId = config.NodeId,
        InterBrokerListener = config.InterBrokerListener,
        ReplicaLagTimeMaxMs = config.GetLong("replica.lag.time.max.ms"),
        ReplicaFetchWaitMaxMs = config.GetInt("replica.fetch.wait.max.ms"),
        ReplicaFetchMinBytes = config.GetInt("replica.fetch.min.bytes"),
        ReplicaFetchMaxBytes = config.GetInt("replica.fetch.max.bytes"),
        ReplicaFetchResponseMaxBytes = config.GetInt("replica.fetch.response.max.bytes"),
        ReplicaFetchBackoffMs = config.GetInt("replica.fetch.backoff.ms"),
        ReplicaSocketTimeoutMs = config.GetInt("replica.socket.timeout.ms"),
        CheckpointIntervalMs = config.GetLong("replica.high.watermark.checkpoint.interval.ms"),
        RetentionCheckIntervalMs = config.GetLong("log.retention.check.interval.ms"),
        FlushCheckIntervalMs = config.GetLong("log.flush.scheduler.interval.ms"),
        FetchMaxBytes = config.GetInt("fetch.max.bytes"),
        FetchSessionCacheSlots = config.GetInt("max.incremental.fetch.session.cache.slots"),
        ThrottleWindows = Windows(config, "replication.quota"),
    };

    /// <summary>PREFIX.window.num and PREFIX.window.size.seconds.</summary>
    public static QuotaWindows Windows(NodeConfig config, string prefix) => QuotaWindows.OfSeconds(
        config.GetInt(prefix + ".window.num"), config.GetInt(prefix + ".window.size.seconds"));
}
