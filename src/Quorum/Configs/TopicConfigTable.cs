namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of topics, from Kafka 4.4.</summary>
internal static class TopicConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("cleanup.policy", ConfigType.List, "delete",
        new ConfigValidator.UniqueList(true, false, "compact", "delete"), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.cleanup.policy")] },
        new("compression.gzip.level", ConfigType.Int, "-1", new ConfigValidator.RangeOr(1, 9, -1),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("compression.gzip.level")] },
        new("compression.lz4.level", ConfigType.Int, "9", new ConfigValidator.Range(1, 17), ConfigImportance.Medium,
            "")
        { Synonyms = [new("compression.lz4.level")] },
        new("compression.type", ConfigType.String, "producer",
        new ConfigValidator.OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("compression.type")] },
        new("compression.zstd.level", ConfigType.Int, "3", new ConfigValidator.Range(-131072, 22),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("compression.zstd.level")] },
        new("delete.retention.ms", ConfigType.Long, "86400000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.cleaner.delete.retention.ms")] },
        new("errors.deadletterqueue.group.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            ""),
        new("file.delete.delay.ms", ConfigType.Long, "60000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.segment.delete.delay.ms")] },
        new("flush.messages", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.flush.interval.messages")] },
        new("flush.ms", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.flush.interval.ms"), new("log.flush.scheduler.interval.ms")] },
        new("follower.replication.throttled.replicas", ConfigType.List, "", new ConfigValidator.ThrottledReplicas(),
        ConfigImportance.Medium,
            ""),
        new("index.interval.bytes", ConfigType.Int, "4096", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.index.interval.bytes")] },
        new("internal.segment.bytes", ConfigType.Int, null, null, ConfigImportance.Medium,
            "")
        { IsInternal = true },
        new("leader.replication.throttled.replicas", ConfigType.List, "", new ConfigValidator.ThrottledReplicas(),
        ConfigImportance.Medium,
            ""),
        new("local.retention.bytes", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.local.retention.bytes")] },
        new("local.retention.ms", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.local.retention.ms")] },
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.cleaner.max.compaction.lag.ms")] },
        new("max.decompressed.message.bytes", ConfigType.Int, "2147483639", new ConfigValidator.Range(1, 2147483639),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("max.decompressed.message.bytes")] },
        new("max.message.bytes", ConfigType.Int, "1048588", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("message.max.bytes")] },
        new("message.timestamp.after.max.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.message.timestamp.after.max.ms")] },
        new("message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807",
        new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.message.timestamp.before.max.ms")] },
        new("message.timestamp.type", ConfigType.String, "CreateTime",
        new ConfigValidator.OneOf("CreateTime", "LogAppendTime"), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.message.timestamp.type")] },
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5", new ConfigValidator.Range(0, 1),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.cleaner.min.cleanable.ratio")] },
        new("min.compaction.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.cleaner.min.compaction.lag.ms")] },
        new("min.insync.replicas", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "")
        { Synonyms = [new("min.insync.replicas")] },
        new("preallocate", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.preallocate")] },
        new("remote.copy.lag.bytes", ConfigType.Long, "-1", new ConfigValidator.Range(-1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.remote.copy.lag.bytes")] },
        new("remote.copy.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(-1, null), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.remote.copy.lag.ms")] },
        new("remote.log.copy.disable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            ""),
        new("remote.log.delete.on.disable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            ""),
        new("remote.storage.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            ""),
        new("retention.bytes", ConfigType.Long, "-1", null, ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.retention.bytes")] },
        new("retention.ms", ConfigType.Long, "604800000", new ConfigValidator.Range(-1, null),
        ConfigImportance.Medium,
            "")
        {
            Synonyms = [new("log.retention.ms"), new("log.retention.minutes", 60000), new("log.retention.hours", 3600000)],
        },
        new("segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(1048576, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.segment.bytes")] },
        new("segment.index.bytes", ConfigType.Int, "10485760", new ConfigValidator.Range(4, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.index.size.max.bytes")] },
        new("segment.jitter.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.roll.jitter.ms"), new("log.roll.jitter.hours", 3600000)] },
        new("segment.ms", ConfigType.Long, "604800000", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "")
        { Synonyms = [new("log.roll.ms"), new("log.roll.hours", 3600000)] },
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "")
        { Synonyms = [new("unclean.leader.election.enable")] },
    ];
}
