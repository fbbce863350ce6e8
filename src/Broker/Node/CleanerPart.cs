using System.Globalization;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log.Cleaning;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Node;

/// <summary>The cleaner of a broker's compacted logs, with the configs that are in force at the moment.</summary>
internal sealed class CleanerPart : IMetadataSubscriber
{
    private readonly EffectiveConfigs _configs;

    public CleanerPart(NodeCore core, DirectoryPart directories, ReplicaManager replicas)
    {
        _configs = new EffectiveConfigs(core.Config.Properties, core.Config.NodeId);
        ILogger logger = core.Logger;
        Cleaner = new LogCleaner(new LogCleanerSettings
        {
            Time = core.Environment.Time,
            Targets = () => replicas.Partitions.Select(
                static partition => new CleanerTarget(partition.Log, partition.Post)),
            WriteCheckpoint = directories.Logs.WriteCleanerCheckpoint,
            Options = OptionsOf(ConfigsImage.Empty),
            Cleaned = stats => BrokerLog.LogCleaned(
                logger, stats.Partition, stats.EndOffset, stats.BytesRead, stats.BytesWritten, stats.DurationMs),
            Uncleanable = (log, why) => BrokerLog.LogUncleanable(logger, log.TopicPartition, why),
            Failed = directories.Fault,
        });
    }

    public LogCleaner Cleaner { get; }

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.ChangedConfigs.Any(static resource => resource.Type == ConfigResourceType.Broker))
        {
            CleanerOptions options = OptionsOf(image.Configs);
            if (options != Cleaner.Options)
            {
                Cleaner.Reconfigure(options);
            }
        }
    }

    private CleanerOptions OptionsOf(ConfigsImage configs)
    {
        string Text(string name) => _configs.BrokerValue(configs, "log.cleaner." + name)!;
        double Number(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);
        return new CleanerOptions
        {
            IsEnabled = bool.Parse(Text("enable")),
            Threads = (int)Number("threads"),
            DedupeBufferBytes = long.Parse(Text("dedupe.buffer.size"), CultureInfo.InvariantCulture),
            LoadFactor = Number("io.buffer.load.factor"),
            IoBufferBytes = (int)Number("io.buffer.size"),
            MaxBytesPerSecond = Number("io.max.bytes.per.second"),
            BackoffMs = long.Parse(Text("backoff.ms"), CultureInfo.InvariantCulture),
        };
    }
}
