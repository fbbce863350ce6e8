using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>All that a controller can decide, from its state alone: no clock, no disk, no network.</summary>
internal sealed class ControllerDecisions
{
    private readonly ControllerState _state;
    private readonly PartitionControl _partitions;
    private readonly ClusterControl _cluster;
    private readonly HeartbeatControl _heartbeats;
    private readonly IsrControl _isr;
    private readonly ConfigControl _configs;
    private readonly TopicCreation _creation;
    private readonly TopicControl _topics;
    private readonly ReassignmentControl _reassignments;
    private readonly QuotaControl _quotas;
    private readonly ScramControl _scram;
    private readonly FeatureControl _features;
    private readonly ProducerIdControl _producerIds;
    private readonly DirectoryControl _directories;
    private readonly MutationQuotas _mutations;

    public ControllerDecisions(ControllerState state, BrokerSessions sessions)
    {
        _state = state;
        ReplicaAssignments assignments = new(state);
        _partitions = new PartitionControl(state);
        _cluster = new ClusterControl(state, sessions, _partitions);
        _heartbeats = new HeartbeatControl(state, sessions, _cluster, _partitions);
        _isr = new IsrControl(state, _cluster);
        _configs = new ConfigControl(state);
        _creation = new TopicCreation(state, _configs, assignments);
        _topics = new TopicControl(state, assignments);
        _reassignments = new ReassignmentControl(state, assignments);
        _quotas = new QuotaControl(state);
        _scram = new ScramControl(state);
        _features = new FeatureControl(state);
        _producerIds = new ProducerIdControl(state, _cluster);
        _directories = new DirectoryControl(state, _cluster);
        _mutations = new MutationQuotas(state);
    }

    /// <param name="nextOffset">Where the next record will be.</param>
    public Decision Decide(in ControllerRequestContext context, IApiMessage request, long nextOffset, long nowMs) =>
        request switch
        {
            BrokerHeartbeatRequest heartbeat => _heartbeats.Heartbeat(heartbeat, context.ConnectionId, nowMs),
            AlterPartitionRequest alter => _isr.AlterPartition(alter, context.Version),
            BrokerRegistrationRequest registration => _cluster.Register(registration, nextOffset, nowMs),
            UnregisterBrokerRequest removal => _cluster.Unregister(removal),
            ControllerRegistrationRequest registration => _cluster.Register(registration),
            UnregisterControllerRequest removal => _cluster.Unregister(removal),
            CreateTopicsRequest or DeleteTopicsRequest or CreatePartitionsRequest => DecideTopics(
                context, request, nowMs),
            IncrementalAlterConfigsRequest alter => _configs.Alter(alter),
            AlterConfigsRequest alter => _configs.Alter(alter),
            ElectLeadersRequest election => _partitions.ElectLeaders(election),
            AlterPartitionReassignmentsRequest alter => _reassignments.Alter(alter),
            ListPartitionReassignmentsRequest list => _reassignments.List(list),
            AlterClientQuotasRequest alter => _quotas.Alter(alter),
            AlterUserScramCredentialsRequest alter => _scram.Alter(alter),
            AllocateProducerIdsRequest allocation => _producerIds.Allocate(allocation),
            UpdateFeaturesRequest update => _features.Update(update, context.Version),
            AssignReplicasToDirsRequest assignment => _directories.Assign(assignment),
            _ => throw new ArgumentException($"{request.Key} is not for the controller.", nameof(request)),
        };

    /// <summary>What counts against controller_mutation_rate.</summary>
    private Decision DecideTopics(in ControllerRequestContext context, IApiMessage request, long nowMs)
    {
        short strictFrom = request switch
        {
            CreateTopicsRequest => 6,
            DeleteTopicsRequest => 5,
            _ => 3,
        };
        MutationQuota quota = _mutations.For(context, strictFrom, nowMs);
        Decision decision = request switch
        {
            CreateTopicsRequest creation => _creation.Create(creation, quota),
            DeleteTopicsRequest deletion => _topics.Delete(deletion, context.Version, quota),
            _ => _topics.CreatePartitions((CreatePartitionsRequest)request, quota),
        };
        ((IThrottledResponse)decision.Response!).ThrottleTimeMs = quota.ThrottleMs;
        return decision;
    }

    /// <summary>What the first controller of a new cluster writes.</summary>
    public IReadOnlyList<VersionedRecord> BootstrapRecords(IReadOnlyList<VersionedRecord> formatted)
    {
        List<VersionedRecord> records = [.. formatted];
        short level = 0;
        bool hasElr = false;
        foreach (VersionedRecord record in formatted)
        {
            if (record.Record is FeatureLevelRecord feature)
            {
                level = feature.Name == MetadataVersion.FeatureName ? feature.FeatureLevel : level;
                hasElr |= feature.Name == KnownFeatures.ElrVersion && feature.FeatureLevel > 0;
            }
        }

        if (hasElr)
        {
            _features.AddElrSafety(records);
        }

        if (new MetadataVersion(level).IsMetadataTransactionSupported)
        {
            records.Insert(0, new(new BeginTransactionRecord { Name = "Bootstrap records" }, 0));
            records.Add(new(new EndTransactionRecord(), 0));
        }

        return records;
    }

    /// <summary>Fences a broker that is gone or silent.</summary>
    public IReadOnlyList<VersionedRecord> Fence(BrokerRegistration broker)
    {
        List<VersionedRecord> records = [];
        _heartbeats.Fence(broker, records);
        return records;
    }

    public IReadOnlyList<VersionedRecord> Rebalance() => _partitions.Rebalance();

    public IReadOnlyList<VersionedRecord> ElectUnclean() => _partitions.ElectUnclean();

    /// <summary>How long the client is ready to wait, where the request says so.</summary>
    public static int? TimeoutMs(IApiMessage request) => request switch
    {
        CreateTopicsRequest creation => creation.TimeoutMs,
        DeleteTopicsRequest deletion => deletion.TimeoutMs,
        CreatePartitionsRequest growth => growth.TimeoutMs,
        ElectLeadersRequest election => election.TimeoutMs,
        AlterPartitionReassignmentsRequest alter => alter.TimeoutMs,
        ListPartitionReassignmentsRequest list => list.TimeoutMs,
        UpdateFeaturesRequest update => update.TimeoutMs,
        _ => null,
    };

    public bool IsUnfenced(int brokerId, long epoch) =>
        _state.Image.Cluster.Broker(brokerId) is { IsFenced: false } broker && broker.Epoch == epoch;
}
