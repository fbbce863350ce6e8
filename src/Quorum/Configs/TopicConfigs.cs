using System.Globalization;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs that a topic may have.</summary>
public static class TopicConfigs
{
    public static ConfigTable All { get; } = new(TopicConfigTable.Keys);

    /// <summary>What a topic's own configs say to its logs, over what its broker's say.</summary>
    /// <param name="overrides">The topic's configs.</param>
    /// <param name="brokerConfigs">The broker configs that are set, by the broker's names.</param>
    public static LogOptions ToLogOptions(
        IReadOnlyDictionary<string, string> overrides, IReadOnlyDictionary<string, string> brokerConfigs)
    {
        EffectiveConfigs configs = new(brokerConfigs, -1);
        return ToLogOptions(name =>
            configs.Topic(Metadata.ConfigsImage.Empty, overrides, All[name]).Value);
    }

    /// <summary>Why a set of topic configs is refused, in Kafka's words, or null.</summary>
    public static string? Validate(IReadOnlyDictionary<string, string> configs)
    {
        foreach (string name in configs.Keys)
        {
            if (!All.TryGet(name, out _))
            {
                return $"Unknown topic config name: {name}";
            }
        }

        foreach ((string name, string value) in configs)
        {
            if (All[name].Check(value) is { } error)
            {
                return error;
            }
        }

        return ValidateTogether(configs);
    }

    internal static LogOptions ToLogOptions(Func<string, string?> value)
    {
        IReadOnlyList<string> cleanup = ConfigValue.ParseList(value("cleanup.policy") ?? "");
        CompressionCodec? codec = value("compression.type") switch
        {
            "uncompressed" => CompressionCodec.None,
            "gzip" => CompressionCodec.Gzip,
            "snappy" => CompressionCodec.Snappy,
            "lz4" => CompressionCodec.Lz4,
            "zstd" => CompressionCodec.Zstd,
            _ => null,
        };
        return new LogOptions
        {
            SegmentBytes = Int(value("internal.segment.bytes") ?? value("segment.bytes")),
            SegmentMs = Long(value("segment.ms")),
            SegmentJitterMs = Long(value("segment.jitter.ms")),
            IndexIntervalBytes = Int(value("index.interval.bytes")),
            SegmentIndexBytes = Int(value("segment.index.bytes")),
            RetentionMs = Long(value("retention.ms")),
            RetentionBytes = Long(value("retention.bytes")),
            FileDeleteDelayMs = Long(value("file.delete.delay.ms")),
            MaxMessageBytes = Int(value("max.message.bytes")),
            MaxDecompressedBytes = Int(value("max.decompressed.message.bytes")),
            TimestampType = value("message.timestamp.type") == "LogAppendTime"
                ? TimestampType.LogAppendTime
                : TimestampType.CreateTime,
            TimestampBeforeMaxMs = Long(value("message.timestamp.before.max.ms")),
            TimestampAfterMaxMs = Long(value("message.timestamp.after.max.ms")),
            Compression = codec,
            CompressionLevel = codec switch
            {
                CompressionCodec.Gzip => Level(Int(value("compression.gzip.level"))),
                CompressionCodec.Lz4 => Int(value("compression.lz4.level")),
                CompressionCodec.Zstd => Int(value("compression.zstd.level")),
                _ => null,
            },
            IsDeleted = cleanup.Contains("delete"),
            IsCompacted = cleanup.Contains("compact"),
            MinCleanableDirtyRatio = double.Parse(
                value("min.cleanable.dirty.ratio")!.Trim(), CultureInfo.InvariantCulture),
            MinCompactionLagMs = Long(value("min.compaction.lag.ms")),
            MaxCompactionLagMs = Long(value("max.compaction.lag.ms")),
            DeleteRetentionMs = Long(value("delete.retention.ms")),
            FlushMessages = Long(value("flush.messages")),
            FlushMs = Long(value("flush.ms")),
            IsPreallocated = bool.TryParse(value("preallocate"), out bool isPreallocated) && isPreallocated,
        };
    }

    private static string? ValidateTogether(IReadOnlyDictionary<string, string> configs)
    {
        if (configs.TryGetValue("min.compaction.lag.ms", out string? min)
            && configs.TryGetValue("max.compaction.lag.ms", out string? max) && Long(min) > Long(max))
        {
            return "conflict topic config setting min.compaction.lag.ms "
                + $"({min}) > max.compaction.lag.ms ({max})";
        }

        return configs.TryGetValue("remote.storage.enable", out string? remote)
            && string.Equals(remote.Trim(), "true", StringComparison.OrdinalIgnoreCase)
            ? "Tiered Storage functionality is disabled in the broker. "
                + "Topic cannot be configured with remote log storage."
            : null;
    }

    // Gzip's -1 stands for its own default.
    private static int? Level(int level) => level < 0 ? null : level;

    private static int Int(string? text) => int.Parse(text!.Trim(), CultureInfo.InvariantCulture);

    private static long Long(string? text) => long.Parse(text!.Trim(), CultureInfo.InvariantCulture);
}
