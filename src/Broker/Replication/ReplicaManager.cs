using System.Collections.Concurrent;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Broker.Replication.Reading;
using KRaftSharp.Broker.Replication.Sessions;
using KRaftSharp.Broker.Replication.Throttling;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Replication;

/// <summary>The replicas of this node: makes them what the metadata says, and gives requests their way to
/// them.</summary>
public sealed partial class ReplicaManager : IMetadataSubscriber
{
    private readonly ReplicaManagerSettings _settings;
    private readonly Strand _strand;
    private readonly ConcurrentDictionary<TopicPartition, Partition> _partitions = new();
    private readonly ConcurrentDictionary<(Uuid TopicId, int Index), Partition> _byId = new();
    private readonly BrokerDirectory _brokers;
    private readonly AlterPartitionSender _isrChanges;
    private readonly FetcherManager _fetchers;
    private readonly PartitionServices _services;
    private readonly LogUpkeep _upkeep;
    private readonly DirectoryAssigner _assigner;
    private readonly ReplicaMoves _moves;
    private readonly ReplicaDirectories _directories;
    private readonly ReplicationThrottles _throttles;
    private volatile MetadataImage _image = MetadataImage.Empty;
    private IReadOnlyList<IPartitionObserver> _observers = [];
    private bool _hasLookedForStrays;
    private bool _isClosed;

    public ReplicaManager(ReplicaManagerSettings settings)
    {
        _settings = settings;
        ReplicationOptions options = settings.Options;
        _strand = new Strand { Faulted = settings.Fault };
        _brokers = new BrokerDirectory(options.InterBrokerListener, settings.BrokerEpoch);
        _isrChanges = new AlterPartitionSender(
            options.BrokerId, settings.Controller, _brokers, settings.Time, settings.Logger, settings.Fault);
        _throttles = new ReplicationThrottles(options.BrokerId, options.ThrottleWindows);
        _fetchers = new FetcherManager(new FetcherServices
        {
            Options = options,
            Transport = settings.Transport,
            Time = settings.Time,
            Logger = settings.Logger,
            EndpointOf = _brokers.EndpointOf,
            BrokerEpoch = settings.BrokerEpoch,
            Throttle = _throttles.Follower,
            Fault = settings.Fault,
        });
        _services = new PartitionServices
        {
            Options = options,
            Time = settings.Time,
            Eligibility = _brokers,
            Logger = settings.Logger,
            IsrChanges = _isrChanges,
            Fetchers = _fetchers,
            Throttle = _throttles.Leader,
            Fault = settings.Fault,
        };
        _assigner = new DirectoryAssigner(
            options.BrokerId, settings.Controller, settings.BrokerEpoch, settings.Time, settings.Logger,
            settings.Fault);
        _directories = new ReplicaDirectories(settings.Logs, _assigner, settings.IsCordoned);
        _moves = new ReplicaMoves(settings, this);
        Deadlines = new DeadlineWheel(settings.Time);
        Sessions = new FetchSessionCache(
            options.FetchSessionCacheSlots, options.FetchSessionEvictionMs, settings.Chance.NextBits());
        _upkeep = new LogUpkeep(settings, () => _partitions.Values.OrderBy(partition => partition.TopicPartition));
    }

    public ReplicationOptions Options => _settings.Options;

    /// <summary>The newest metadata that the replicas have been told of. Any thread.</summary>
    public MetadataImage Image => _image;

    /// <summary>What goes through each topic on this node. Any thread.</summary>
    public IEnumerable<TopicTraffic> Traffic => _services.Traffic;

    /// <summary>The replicas of this node, in order. Any thread.</summary>
    public IReadOnlyList<Partition> Partitions =>
        [.. _partitions.Values.OrderBy(partition => partition.TopicPartition)];

    internal ReplicationThrottles Throttles => _throttles;

    internal DeadlineWheel Deadlines { get; }

    internal FetchSessionCache Sessions { get; }

    internal TimeProvider Time => _settings.Time;

    internal ControllerSend Controller => _settings.Controller;

    internal long BrokerEpoch => _settings.BrokerEpoch();

    internal Microsoft.Extensions.Logging.ILogger Logger => _settings.Logger;

    /// <summary>Any thread.</summary>
    public Partition? Get(TopicPartition partition) => _partitions.GetValueOrDefault(partition);

    /// <summary>Any thread.</summary>
    public Partition? Get(Uuid topicId, int partition) => _byId.GetValueOrDefault((topicId, partition));

    /// <summary>To be called before the first metadata comes.</summary>
    public void Observe(IPartitionObserver observer) => _observers = [.. _observers, observer];

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image) =>
        _strand.Post(() => Apply(delta, image));

    /// <summary>Stops fetching and asking, and writes the high watermarks. The logs stay open: LogManager closes
    /// them.</summary>
    public async Task ShutdownAsync()
    {
        var closed = new TaskCompletionSource();
        _strand.Post(() =>
        {
            _isClosed = true;
            _fetchers.Dispose();
            _isrChanges.Dispose();
            _assigner.Dispose();
            _moves.Dispose();
            Deadlines.Dispose();
            _upkeep.Dispose();
            closed.SetResult();
        });
        await closed.Task;
        await _settings.Logs.CheckpointAsync();
    }

    /// <summary>Queues a produce, writes it with the others of its receive, and parks it until its acknowledgement.
    /// </summary>
    internal void Run(ProduceOperation operation, long timeoutMs)
    {
        operation.Run();
        if (!operation.IsDone)
        {
            Deadlines.Add(operation, _services.NowMs + Math.Max(0, timeoutMs));
        }
    }

    internal FetchOperation Fetch(FetchPlan plan, FetchParameters parameters, long receivedAtMs)
    {
        foreach (FetchEntry entry in plan.Entries)
        {
            Resolve(entry);
        }

        var operation = new FetchOperation(plan, parameters, Sessions, _services, receivedAtMs);
        if (operation.Start())
        {
            Deadlines.Add(operation, operation.DeadlineMs);
        }

        return operation;
    }

    /// <summary>Moves a partition's log start and waits for the other replicas. The partition must be here.</summary>
    internal RecordDeletion Delete(TopicPartition name, long offset, long timeoutMs)
    {
        var deletion = new RecordDeletion(offset);
        if (Get(name) is { } partition)
        {
            partition.Delete(deletion);
        }
        else
        {
            deletion.Settle(ErrorCode.NotLeaderOrFollower, -1);
        }

        if (!deletion.IsDone)
        {
            Deadlines.Add(deletion, _services.NowMs + Math.Max(0, timeoutMs));
        }

        return deletion;
    }

    /// <summary>What a request gets for a partition that is not on this node.</summary>
    internal ErrorCode WhyMissing(string topic, int partition) =>
        _image.Topics.Partition(topic, partition) is null
            ? ErrorCode.UnknownTopicOrPartition
            : _directories.IsLost(new TopicPartition(topic, partition))
                ? ErrorCode.KafkaStorageError
                : ErrorCode.NotLeaderOrFollower;

    private void Resolve(FetchEntry entry)
    {
        FetchKey key = entry.Key;
        entry.Partition = key.Name is { } name
            ? Get(new TopicPartition(name, key.Partition))
            : Get(key.TopicId, key.Partition);
        if (entry.Partition is not null)
        {
            entry.IsResolved = true;
            entry.Missing = ErrorCode.None;
            return;
        }

        TopicsImage topics = _image.Topics;
        bool isKnown = key.Name is not null ? topics.TryGet(key.Name, out TopicImage? topic)
            : topics.TryGet(key.TopicId, out topic);
        if (isKnown)
        {
            entry.IsResolved = true;
            entry.Missing = WhyMissing(topic!.Name, key.Partition);
        }
        else
        {
            entry.Missing = key.Name is not null || entry.IsResolved
                ? ErrorCode.UnknownTopicOrPartition
                : ErrorCode.UnknownTopicId;
        }
    }

    private void Apply(MetadataDelta delta, MetadataImage image)
    {
        if (_isClosed)
        {
            return;
        }

        _brokers.Cluster = image.Cluster;
        _throttles.Update(delta, image);
        try
        {
            foreach (TopicImage topic in delta.Topics.Deleted.Values)
            {
                foreach (int index in topic.Partitions.Keys)
                {
                    Remove(new TopicPartition(topic.Name, index), topic.Id);
                }

                _services.ForgetTraffic(topic.Name);
            }

            _image = image;
            foreach (TopicDelta topic in delta.Topics.Changed.Values)
            {
                Apply(topic, image);
            }

            RemoveStrays(image);
        }
        catch (StorageException error)
        {
            _settings.Fault(error);
        }

        ApplyConfigs(delta, image);
        if (delta.ChangedBrokers.Count > 0)
        {
            _fetchers.BrokersChanged();
            foreach (Partition partition in Partitions)
            {
                partition.Look();
            }
        }
    }

    private void Apply(TopicDelta topic, MetadataImage image)
    {
        TopicSettings? settings = null;
        foreach ((int index, PartitionChange change) in topic.Partitions)
        {
            var name = new TopicPartition(topic.Name, index);
            PartitionRegistration now = change.After;
            if (Array.IndexOf(now.Replicas, Options.BrokerId) < 0)
            {
                Remove(name, topic.Id);
                continue;
            }

            settings ??= SettingsOf(topic.Name, image);
            Serve(name, topic.Id, now, settings);
        }
    }

    /// <summary>Null when the replica went with its disk.</summary>
    private Partition? GetOrCreate(TopicPartition name, Uuid topicId, TopicSettings settings, Uuid assigned)
    {
        if (_partitions.TryGetValue(name, out Partition? existing))
        {
            if (existing.TopicId == topicId)
            {
                return existing;
            }

            Remove(name, existing.TopicId);
        }

        if (_directories.PlaceOf(name, topicId, assigned) is not { } directory)
        {
            ReplicationLog.ReplicaLost(_settings.Logger, name);
            return null;
        }

        PartitionLog log = _settings.Logs.GetOrCreate(name, topicId, settings.Log, directory.Path);
        _directories.Tell(topicId, name.Partition, assigned, directory);
        var partition = new Partition(log, _services)
        {
            Observer = _observers.FirstOrDefault(observer => observer.Topic == name.Topic),
        };
        _partitions[name] = partition;
        _byId[(topicId, name.Partition)] = partition;
        return partition;
    }

    private void Remove(TopicPartition name, Uuid topicId)
    {
        _directories.Forget(name, topicId);
        _moves.Cancel(name);
        if (!_partitions.TryGetValue(name, out Partition? partition) || partition.TopicId != topicId)
        {
            return;
        }

        _partitions.TryRemove(name, out _);
        _byId.TryRemove((topicId, name.Partition), out _);
        partition.Leave(() =>
        {
            if (_settings.Logs.Get(name)?.TopicId == topicId)
            {
                _settings.Logs.Delete(name);
            }

            ReplicationLog.Deleted(_settings.Logger, name, topicId);
        });
    }

    /// <summary>
    /// Removes the logs of partitions that are no longer this node's, once the metadata is newer than everything this
    /// node has heard in an earlier life: when it knows of this life's registration.
    /// </summary>
    private void RemoveStrays(MetadataImage image)
    {
        long epoch = BrokerEpoch;
        if (_hasLookedForStrays || epoch < 0 || image.Cluster.Broker(Options.BrokerId)?.Epoch != epoch)
        {
            return;
        }

        _hasLookedForStrays = true;
        foreach (PartitionLog log in _settings.Logs.Logs)
        {
            if (!_partitions.ContainsKey(log.TopicPartition) && log.TopicId != Uuid.MetadataTopicId)
            {
                ReplicationLog.Stray(_settings.Logger, log.TopicPartition, log.TopicId);
                _settings.Logs.Delete(log.TopicPartition);
            }
        }
    }

    private void ApplyConfigs(MetadataDelta delta, MetadataImage image)
    {
        bool isForAll = delta.ChangedConfigs.Any(resource => resource.Type == ConfigResourceType.Broker
            && (resource.IsDefault || resource == ConfigResource.Broker(Options.BrokerId)));
        foreach (Partition partition in Partitions)
        {
            string topic = partition.TopicPartition.Topic;
            if (isForAll || delta.ChangedConfigs.Contains(ConfigResource.Topic(topic)))
            {
                TopicSettings settings = SettingsOf(topic, image);
                partition.Configure(settings.Log, settings.MinInsyncReplicas);
            }
        }
    }

    private TopicSettings SettingsOf(string topic, MetadataImage image) => _settings.TopicSettings(
        image.Configs.For(ConfigResource.Topic(topic)),
        image.Configs.For(ConfigResource.Broker(Options.BrokerId)),
        image.Configs.For(ConfigResource.DefaultBroker));
}
