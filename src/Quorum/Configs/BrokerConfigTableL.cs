namespace KRaftSharp.Quorum.Configs;

/// <summary>Configs of brokers and controllers, from Kafka 4.4: a part of the alphabet.</summary>
internal static class BrokerConfigTableL
{
    public static readonly ConfigKey[] Keys =
    [
        new("log.cleaner.backoff.ms", ConfigType.Long, "15000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.dedupe.buffer.size", ConfigType.Long, "134217728", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.delete.retention.ms", ConfigType.Long, "86400000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            ""),
        new("log.cleaner.io.buffer.load.factor", ConfigType.Double, "0.9", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.io.buffer.size", ConfigType.Int, "524288", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.io.max.bytes.per.second", ConfigType.Double, "1.7976931348623157E308", null,
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.max.compaction.lag.ms", ConfigType.Long, "9223372036854775807",
        new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.min.cleanable.ratio", ConfigType.Double, "0.5", new ConfigValidator.Range(0, 1),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.min.compaction.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.threads", ConfigType.Int, "1", new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleanup.policy", ConfigType.List, "delete",
        new ConfigValidator.UniqueList(true, false, "compact", "delete"), ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.dir", ConfigType.List, "/tmp/kafka-logs", new ConfigValidator.UniqueList(false, false),
        ConfigImportance.High,
            ""),
        new("log.dir.failure.timeout.ms", ConfigType.Long, "30000", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            ""),
        new("log.dirs", ConfigType.List, null, new ConfigValidator.UniqueList(false, true), ConfigImportance.High,
            ""),
        new("log.flush.interval.messages", ConfigType.Long, "9223372036854775807",
        new ConfigValidator.Range(1, null), ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.flush.interval.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.flush.offset.checkpoint.interval.ms", ConfigType.Int, "60000", new ConfigValidator.Range(0, null),
        ConfigImportance.High,
            ""),
        new("log.flush.scheduler.interval.ms", ConfigType.Long, "9223372036854775807", null, ConfigImportance.High,
            ""),
        new("log.flush.start.offset.checkpoint.interval.ms", ConfigType.Int, "60000",
        new ConfigValidator.Range(0, null), ConfigImportance.High,
            ""),
        new("log.index.interval.bytes", ConfigType.Int, "4096", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.index.size.max.bytes", ConfigType.Int, "10485760", new ConfigValidator.Range(4, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.initial.task.delay.ms", ConfigType.Long, "30000", new ConfigValidator.Range(0, null),
        ConfigImportance.Low,
            "")
        { IsInternal = true },
        new("log.local.retention.bytes", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.local.retention.ms", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.after.max.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807",
        new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.type", ConfigType.String, "CreateTime",
        new ConfigValidator.OneOf("CreateTime", "LogAppendTime"), ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.preallocate", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.remote.copy.lag.bytes", ConfigType.Long, "-1", new ConfigValidator.Range(-1, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.remote.copy.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(-1, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.retention.bytes", ConfigType.Long, "-1", null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.retention.check.interval.ms", ConfigType.Long, "300000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            ""),
        new("log.retention.hours", ConfigType.Int, "168", null, ConfigImportance.High,
            ""),
        new("log.retention.minutes", ConfigType.Int, null, null, ConfigImportance.High,
            ""),
        new("log.retention.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.roll.hours", ConfigType.Int, "168", new ConfigValidator.Range(1, null), ConfigImportance.High,
            ""),
        new("log.roll.jitter.hours", ConfigType.Int, "0", new ConfigValidator.Range(0, null), ConfigImportance.High,
            ""),
        new("log.roll.jitter.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.roll.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(1048576, null),
        ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.segment.delete.delay.ms", ConfigType.Long, "60000", new ConfigValidator.Range(0, null),
        ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connection.creation.rate", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections.per.ip", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections.per.ip.overrides", ConfigType.String, "", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.decompressed.message.bytes", ConfigType.Int, "2147483639", new ConfigValidator.Range(1, 2147483639),
        ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.incremental.fetch.session.cache.slots", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            ""),
        new("max.request.partition.size.limit", ConfigType.Int, "2000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            ""),
        new("message.max.bytes", ConfigType.Int, "1048588", new ConfigValidator.Range(0, null),
        ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("metadata.log.dir", ConfigType.String, null, null, ConfigImportance.High,
            ""),
        new("metadata.log.max.record.bytes.between.snapshots", ConfigType.Long, "20971520",
        new ConfigValidator.Range(1, null), ConfigImportance.High,
            ""),
        new("metadata.log.max.snapshot.interval.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
        ConfigImportance.High,
            ""),
        new("metadata.log.segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(8388608, null),
        ConfigImportance.High,
            ""),
        new("metadata.log.segment.ms", ConfigType.Long, "604800000", null, ConfigImportance.High,
            ""),
        new("metadata.max.idle.interval.ms", ConfigType.Int, "500", new ConfigValidator.Range(0, null),
        ConfigImportance.Low,
            ""),
        new("metadata.max.retention.bytes", ConfigType.Long, "104857600", null, ConfigImportance.High,
            ""),
        new("metadata.max.retention.ms", ConfigType.Long, "604800000", null, ConfigImportance.High,
            ""),
        new("metric.reporters", ConfigType.List, "org.apache.kafka.common.metrics.JmxReporter",
        new ConfigValidator.UniqueList(true, false), ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("metrics.num.samples", ConfigType.Int, "2", new ConfigValidator.Range(1, null), ConfigImportance.Low,
            ""),
        new("metrics.recording.level", ConfigType.String, "INFO", null, ConfigImportance.Low,
            ""),
        new("metrics.sample.window.ms", ConfigType.Long, "30000", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            ""),
        new("min.insync.replicas", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("node.id", ConfigType.Int, null, new ConfigValidator.Range(0, null), ConfigImportance.High,
            "")
        { IsRequired = true },
        new("num.io.threads", ConfigType.Int, "8", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.network.threads", ConfigType.Int, "3", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.partitions", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            ""),
        new("num.recovery.threads.per.data.dir", ConfigType.Int, "2", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.replica.alter.log.dirs.threads", ConfigType.Int, null, null, ConfigImportance.High,
            ""),
        new("num.replica.fetchers", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("offset.metadata.max.bytes", ConfigType.Int, "4096", null, ConfigImportance.High,
            ""),
        new("offsets.commit.timeout.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.load.buffer.size", ConfigType.Int, "5242880", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.retention.check.interval.ms", ConfigType.Long, "600000", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.retention.minutes", ConfigType.Int, "10080", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.topic.compression.codec", ConfigType.Int, "0", null, ConfigImportance.High,
            ""),
        new("offsets.topic.num.partitions", ConfigType.Int, "50", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.topic.replication.factor", ConfigType.Short, "3", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("offsets.topic.segment.bytes", ConfigType.Int, "104857600", new ConfigValidator.Range(1, null),
        ConfigImportance.High,
            ""),
        new("principal.builder.class", ConfigType.Class,
        "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", null, ConfigImportance.Medium,
            "")
        { UpdateMode = UpdateMode.PerBroker },
        new("process.roles", ConfigType.List, null,
        new ConfigValidator.UniqueList(false, false, "broker", "controller"), ConfigImportance.High,
            "")
        { IsRequired = true },
        new("producer.id.expiration.check.interval.ms", ConfigType.Int, "600000", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            "")
        { IsInternal = true },
        new("producer.id.expiration.ms", ConfigType.Int, "86400000", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            "")
        { UpdateMode = UpdateMode.ClusterWide },
        new("producer.purgatory.purge.interval.requests", ConfigType.Int, "1000", null, ConfigImportance.Medium,
            ""),
        new("queued.max.request.bytes", ConfigType.Long, "-1", null, ConfigImportance.Medium,
            ""),
        new("queued.max.requests", ConfigType.Int, "500", new ConfigValidator.Range(1, null), ConfigImportance.High,
            ""),
        new("quota.window.num", ConfigType.Int, "11", new ConfigValidator.Range(1, null), ConfigImportance.Low,
            ""),
        new("quota.window.size.seconds", ConfigType.Int, "1", new ConfigValidator.Range(1, null),
        ConfigImportance.Low,
            ""),
    ];
}
