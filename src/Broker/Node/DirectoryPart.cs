using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The log directories of a broker: which of them failed (KIP-112, KIP-858), which are cordoned (KIP-1066),
/// and who is told of it.</summary>
/// <remarks>Any thread. A disk that fails takes its own replicas with it, unless nothing is left without it: the last
/// directory, or the one with the metadata.</remarks>
internal sealed class DirectoryPart : IMetadataSubscriber, IDisposable
{
    private const string Cordoned = "cordoned.log.dirs";

    private readonly NodeCore _core;
    private readonly EffectiveConfigs _configs;
    private readonly ITimer _deadline;
    private IReadOnlySet<string> _cordoned;
    private bool _wasCordoned;
    private int _reported;

    public DirectoryPart(NodeCore core)
    {
        _core = core;
        NodeEnvironment environment = core.Environment;
        _configs = new EffectiveConfigs(core.Config.Properties, core.Config.NodeId);
        _cordoned = CordonedIn(ConfigsImage.Empty);
        _deadline = environment.Time.CreateTimer(
            _ => OnDeadline(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Logs = LogManager.Open(new LogManagerSettings
        {
            Storage = environment.Storage,
            Directories = core.Config.LogDirectories,
            Time = environment.Time,
            Chance = environment.Chance.Fork(),
            Planted = environment.Planted,
            ProducerIdExpirationMs = core.Config.GetLong("producer.id.expiration.ms"),
            Report = text => BrokerLog.LogReport(core.Logger, core.Config.NodeId, text),
            LogFailed = (_, error) => Fault(error),
            Flushed = Flushes.Record,
        });
    }

    public LogManager Logs { get; }

    /// <summary>How long flushes took.</summary>
    public LatencyHistogram Flushes { get; } = new();

    /// <summary>Told of a directory that has just failed.</summary>
    public Action<LogDirectory>? Failed { get; set; }

    /// <summary>Told when the controller is to hear of a change.</summary>
    public Action? Changed { get; set; }

    /// <summary>Ids of the directories that can be used.</summary>
    public IReadOnlyList<Uuid> Online => Ids(static directory => directory.IsOnline);

    /// <summary>Ids of those that failed, as far as their ids are known.</summary>
    public IReadOnlyList<Uuid> Offline => Ids(static directory => !directory.IsOnline);

    /// <summary>Ids of those that get no new replicas; null when there never was one.</summary>
    public IReadOnlyList<Uuid>? CordonedIds => Volatile.Read(ref _wasCordoned) ? Ids(IsCordoned) : null;

    /// <summary>replica.alter.log.dirs.io.max.bytes.per.second, as it is now.</summary>
    public double MoveBytesPerSecond()
    {
        ConfigsImage configs = _core.Loader.Current.Configs;
        const string Key = "replica.alter.log.dirs.io.max.bytes.per.second";
        return configs.For(ConfigResource.Broker(_core.Config.NodeId)).TryGetValue(Key, out string? text)
            || configs.For(ConfigResource.DefaultBroker).TryGetValue(Key, out text)
            ? double.Parse(text, CultureInfo.InvariantCulture)
            : double.MaxValue;
    }

    public bool IsCordoned(LogDirectory directory)
    {
        IReadOnlySet<string> cordoned = Volatile.Read(ref _cordoned);
        return cordoned.Contains("*") || cordoned.Contains(directory.Path);
    }

    /// <summary>Something failed: a disk, whose replicas go, or what the node cannot do without.</summary>
    public void Fault(Exception error)
    {
        if (Logs is null)
        {
            // They are being opened, which fails by itself if it has to.
            return;
        }

        if (error is not StorageException storage || Logs.DirectoryOf(storage.Path) is not { } directory
            || !CanDoWithout(directory))
        {
            _core.Environment.Fault(error);
        }
        else if (Logs.TakeOffline(directory))
        {
            BrokerLog.DirectoryFailed(_core.Logger, _core.Config.NodeId, directory.Path, storage);
            _deadline.Change(
                TimeSpan.FromMilliseconds(_core.Config.GetLong("log.dir.failure.timeout.ms")),
                Timeout.InfiniteTimeSpan);
            Failed?.Invoke(directory);
            Changed?.Invoke();
        }
    }

    /// <summary>The controller has heard of so many failed directories.</summary>
    public void Reported(int count) => Volatile.Write(ref _reported, count);

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (!delta.ChangedConfigs.Any(static resource => resource.Type == ConfigResourceType.Broker))
        {
            return;
        }

        IReadOnlySet<string> cordoned = CordonedIn(image.Configs);
        if (!cordoned.SetEquals(_cordoned))
        {
            Volatile.Write(ref _cordoned, cordoned);
            Changed?.Invoke();
        }
    }

    public void Dispose() => _deadline.Dispose();

    private bool CanDoWithout(LogDirectory failed) =>
        failed.Path != _core.Config.MetadataDirectory.TrimEnd('/')
        && Logs.Directories.Any(directory => directory.IsOnline && directory != failed);

    private List<Uuid> Ids(Func<LogDirectory, bool> isWanted) =>
        [.. Logs.Directories.Where(isWanted).Select(static directory => directory.Id).Where(static id => !id.IsZero)];

    private HashSet<string> CordonedIn(ConfigsImage configs)
    {
        IReadOnlyList<string> paths = ConfigValue.ParseList(_configs.BrokerValue(configs, Cordoned) ?? "");
        if (paths.Count > 0)
        {
            Volatile.Write(ref _wasCordoned, true);
        }

        return [.. paths.Select(static path => path.TrimEnd('/'))];
    }

    /// <summary>As long as the controller does not know, replicas that are gone may be taken for good ones.</summary>
    private void OnDeadline()
    {
        if (Volatile.Read(ref _reported) < Offline.Count)
        {
            _core.Environment.Fault(new StorageException("The controller could not be told of a failed directory"));
        }
    }
}
