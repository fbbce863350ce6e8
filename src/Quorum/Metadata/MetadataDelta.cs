using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>
/// The changes from one image to the next: replay records, then <see cref="Apply"/>. The one place that knows what a
/// metadata record means; brokers, controllers and snapshots share it.
/// </summary>
/// <remarks>Not thread-safe until it is published; then it does not change any more.</remarks>
public sealed class MetadataDelta(MetadataImage before)
{
    private readonly SortedSet<ConfigResource> _changedConfigs = [];
    private readonly ClusterDelta _cluster = new(before.Cluster);
    private readonly SecurityDelta _security = new(before);
    private FeaturesImage _features = before.Features;
    private ConfigsImage _configs = before.Configs;
    private ProducerIdsImage _producerIds = before.ProducerIds;

    public MetadataImage Before => before;

    public TopicsDelta Topics { get; } = new(before.Topics);

    /// <summary>Brokers registered, changed or unregistered.</summary>
    public IReadOnlySet<int> ChangedBrokers => _cluster.ChangedBrokers;

    /// <summary>Controllers registered or unregistered.</summary>
    public IReadOnlySet<int> ChangedControllers => _cluster.ChangedControllers;

    /// <summary>Resources of which a config was set or removed; deleted topics with configs among them.</summary>
    public IReadOnlySet<ConfigResource> ChangedConfigs => _changedConfigs;

    public bool FeaturesChanged => _features != before.Features;

    public bool ProducerIdsChanged => _producerIds != before.ProducerIds;

    public bool QuotasChanged => _security.Quotas != before.ClientQuotas;

    public bool ScramChanged => _security.Scram != before.Scram;

    public bool AclsChanged => _security.Acls != before.Acls;

    public bool DelegationTokensChanged => _security.Tokens != before.DelegationTokens;

    /// <summary>The delta that turns one image into another, as when a snapshot replaces what was there.</summary>
    public static MetadataDelta Between(MetadataImage before, MetadataImage after)
    {
        MetadataDelta delta = new(before);
        delta.Topics.BecomeDifference(after.Topics);
        delta._cluster.BecomeDifference(after.Cluster);
        delta._security.Become(after);
        delta._features = after.Features;
        delta._configs = after.Configs;
        delta._producerIds = after.ProducerIds;
        foreach (ConfigResource resource in before.Configs.Resources.Keys.Union(after.Configs.Resources.Keys))
        {
            if (!ImageMaps.Same(before.Configs.For(resource), after.Configs.For(resource)))
            {
                delta._changedConfigs.Add(resource);
            }
        }

        return delta;
    }

    /// <summary>The image after all replayed records.</summary>
    /// <param name="provenance">Where the log stands after the last of them.</param>
    /// <param name="timestampMs">Append time of the last of them.</param>
    public MetadataImage Apply(LogPoint provenance, long timestampMs) => new()
    {
        Provenance = provenance,
        LastTimestampMs = timestampMs,
        Features = _features,
        Cluster = _cluster.After,
        Topics = Topics.After,
        Configs = _configs,
        ProducerIds = _producerIds,
        ClientQuotas = _security.Quotas,
        Scram = _security.Scram,
        Acls = _security.Acls,
        DelegationTokens = _security.Tokens,
    };

    /// <exception cref="InvariantViolationException">The record contradicts what came before it.</exception>
    public void Replay(IMetadataRecord record)
    {
        switch (record)
        {
            case TopicRecord topic:
                Topics.Create(topic.TopicId, topic.Name);
                break;
            case PartitionRecord partition:
                Topics.SetPartition(
                    TopicOf(partition.TopicId), partition.PartitionId, PartitionRegistration.From(partition));
                break;
            case PartitionChangeRecord change:
                Replay(change);
                break;
            case RemoveTopicRecord removal:
                Replay(removal);
                break;
            case ClearElrRecord clear:
                Replay(clear);
                break;
            case ConfigRecord config:
                Replay(config);
                break;
            case FeatureLevelRecord feature:
                Replay(feature);
                break;
            case ProducerIdsRecord ids:
                _producerIds = new ProducerIdsImage(ids.NextProducerId);
                break;
            case NoOpRecord or ZkMigrationStateRecord:
                break;
            default:
                Invariant.Require(
                    _cluster.TryReplay(record) || _security.TryReplay(record),
                    "a metadata record that can be replayed", record.RecordKey, record.GetType().Name);
                break;
        }
    }

    private void Replay(PartitionChangeRecord change)
    {
        TopicImage topic = TopicOf(change.TopicId);
        bool exists = topic.Partitions.TryGetValue(change.PartitionId, out PartitionRegistration? old);
        Invariant.Require(exists, "a changed partition exists", topic.Name, change.PartitionId);
        Topics.SetPartition(topic, change.PartitionId, old!.Merge(change));
    }

    private void Replay(RemoveTopicRecord removal)
    {
        TopicImage? topic = Topics.Delete(removal.TopicId);
        Invariant.Require(topic is not null, "a removed topic exists", removal.TopicId, "");
        ConfigResource resource = ConfigResource.Topic(topic.Name);
        if (_configs.Resources.ContainsKey(resource))
        {
            _configs = _configs.Without(resource);
            _changedConfigs.Add(resource);
        }
    }

    // An empty name stands for all topics.
    private void Replay(ClearElrRecord clear)
    {
        IEnumerable<TopicImage> topics = clear.TopicName.Length == 0
            ? Topics.After.ById.Values
            : Topics.After.TryGet(clear.TopicName, out TopicImage? one) ? [one] : [];
        foreach (TopicImage topic in topics)
        {
            foreach ((int id, PartitionRegistration partition) in topic.Partitions)
            {
                if (partition.Elr.Length > 0 || partition.LastKnownElr.Length > 0)
                {
                    Topics.SetPartition(TopicOf(topic.Id), id, partition with { Elr = [], LastKnownElr = [] });
                }
            }
        }
    }

    private void Replay(ConfigRecord config)
    {
        ConfigResource resource = new((ConfigResourceType)config.ResourceType, config.ResourceName);
        _configs = _configs.With(resource, config.Name, config.Value);
        _changedConfigs.Add(resource);
    }

    private void Replay(FeatureLevelRecord feature) => _features = new FeaturesImage
    {
        FinalizedLevels = feature.FeatureLevel == 0
            ? _features.FinalizedLevels.Remove(feature.Name)
            : _features.FinalizedLevels.SetItem(feature.Name, feature.FeatureLevel),
    };

    private TopicImage TopicOf(Uuid id)
    {
        bool exists = Topics.After.TryGet(id, out TopicImage? topic);
        Invariant.Require(exists, "the topic of a partition exists", id, "");
        return topic!;
    }
}
