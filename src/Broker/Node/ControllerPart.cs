using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The controller of a node and what its listener serves.</summary>
internal sealed class ControllerPart
{
    private static readonly ApiKey[] QuorumApis =
    [
        ApiKey.Fetch, ApiKey.Vote, ApiKey.BeginQuorumEpoch, ApiKey.EndQuorumEpoch, ApiKey.DescribeQuorum,
        ApiKey.FetchSnapshot, ApiKey.AddRaftVoter, ApiKey.RemoveRaftVoter, ApiKey.UpdateRaftVoter,
    ];

    private static readonly ApiKey[] DecidedApis =
    [
        ApiKey.BrokerRegistration, ApiKey.BrokerHeartbeat, ApiKey.UnregisterBroker, ApiKey.ControllerRegistration,
        ApiKey.AlterPartition, ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions,
        ApiKey.AlterConfigs, ApiKey.AlterPartitionReassignments, ApiKey.ListPartitionReassignments,
        ApiKey.ElectLeaders, ApiKey.AllocateProducerIds, ApiKey.AlterClientQuotas, ApiKey.AlterUserScramCredentials,
        ApiKey.UpdateFeatures, ApiKey.AssignReplicasToDirs, ApiKey.UnregisterController,
    ];

    private readonly ControllerRegistrar _registrar;
    private readonly ControllerChannel _channel;

    public ControllerPart(NodeCore core, QuorumController controller)
    {
        Controller = controller;
        NodeConfig config = core.Config;
        _channel = core.NewControllerChannel("controller-registration");
        _registrar = new ControllerRegistrar(
            config, core.Environment.Chance.NextUuid(), _channel, core.Logger, core.Environment.Fault);
        HandlerTable table = NewTable(core, controller);
        Processor = new RequestProcessor(table, core.Environment.Time, core.RequestLogger)
        {
            ConnectionClosed = connection => controller.ConnectionClosed(connection.Id),
            Faulted = core.Environment.Fault,
        };
    }

    public QuorumController Controller { get; }

    public RequestProcessor Processor { get; }

    public void Start(MetadataLoader loader)
    {
        Controller.Start();
        loader.Subscribe(_registrar);
    }

    public void ControllerChanged() => _channel.ControllerChanged();

    public void Shutdown()
    {
        _channel.Dispose();
        Controller.Shutdown();
    }

    private static HandlerTable NewTable(NodeCore core, QuorumController controller)
    {
        HandlerTable table = new(ListenerKind.Controller);
        ControllerHandler decided = new(controller);
        table.Add(QuorumApis, new QuorumHandler(core.Quorum)).Add(DecidedApis, decided);
        SecurityApis.AddTo(table);
        NodeLoggers loggers = core.NewLoggers();
        int nodeId = core.Config.NodeId;
        Func<MetadataImage> image = () => core.Loader.Current;
        return table
            .Add(ApiKey.Envelope, new EnvelopeHandler(table, () => controller.IsActive))
            .Add(ApiKey.ApiVersions, new ApiVersionsHandler(
                table, image, () => core.Quorum.KRaftVersion, core.ClusterId, nodeId))
            .Add(ApiKey.DescribeConfigs, new DescribeConfigsHandler(
                new EffectiveConfigs(core.Config.Properties, nodeId), image, loggers, nodeId))
            .Add(ApiKey.DescribeUserScramCredentials, new DescribeScramHandler(image))
            .Add(ApiKey.IncrementalAlterConfigs, new ControllerConfigsHandler(decided, loggers))
            .Add(ApiKey.DescribeCluster, new DescribeClusterHandler(
                ListenerKind.Controller, core.ClusterId, image, () => core.Quorum.Leader.LeaderId));
    }
}
