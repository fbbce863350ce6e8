namespace KRaftSharp.Quorum.Configs;

/// <summary>Configs of brokers and controllers, from Kafka 4.4: a part of the alphabet.</summary>
internal static class BrokerConfigTableL
{
    public static readonly ConfigKey[] Keys =
    [
        new("log.cleaner.backoff.ms", ConfigType.Long, "15000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How long the cleaner sleeps when there is nothing to clean.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.dedupe.buffer.size", ConfigType.Long, "134217728", null, ConfigImportance.Medium,
            "Memory of all cleaners together for the keys they have seen.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.delete.retention.ms", ConfigType.Long, "86400000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How long compacted topics keep tombstones.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "Has no effect any more: the cleaner always runs."),
        new("log.cleaner.io.buffer.load.factor", ConfigType.Double, "0.9", null, ConfigImportance.Medium,
            "How full the cleaner's table of keys may become.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.io.buffer.size", ConfigType.Int, "524288", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Memory of all cleaners together for reading and writing.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.io.max.bytes.per.second", ConfigType.Double, "1.7976931348623157E308", null,
            ConfigImportance.Medium,
            "What cleaners may read and write a second.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.max.compaction.lag.ms", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "The longest time a record stays out of reach of compaction.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.min.cleanable.ratio", ConfigType.Double, "0.5", new ConfigValidator.Range(0, 1),
            ConfigImportance.Medium,
            "How much of a log must be uncompacted before it is compacted again.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.min.compaction.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The shortest time a record stays as it is before compaction may touch it.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleaner.threads", ConfigType.Int, "1", new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "Cleaners at a time.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.cleanup.policy", ConfigType.List, "delete",
            new ConfigValidator.UniqueList(true, false, "compact", "delete"), ConfigImportance.Medium,
            "What happens to old segments of topics that do not say: delete, compact, both or neither.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.dir", ConfigType.List, "/tmp/kafka-logs", new ConfigValidator.UniqueList(false, false),
            ConfigImportance.High,
            "The log directory, unless log.dirs is set."),
        new("log.dir.failure.timeout.ms", ConfigType.Long, "30000", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "How long a broker with a failed log directory waits for the controller to know it before it "
                + "stops."),
        new("log.dirs", ConfigType.List, null, new ConfigValidator.UniqueList(false, true), ConfigImportance.High,
            "The directories that hold the logs."),
        new("log.flush.interval.messages", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Records after which a log is forced to disk.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.flush.interval.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "Time after which a log is forced to disk.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.flush.offset.checkpoint.interval.ms", ConfigType.Int, "60000", new ConfigValidator.Range(0, null),
            ConfigImportance.High,
            "How often the points up to which logs are on disk are written down."),
        new("log.flush.scheduler.interval.ms", ConfigType.Long, "9223372036854775807", null, ConfigImportance.High,
            "How often it is checked whether logs must be forced to disk."),
        new("log.flush.start.offset.checkpoint.interval.ms", ConfigType.Int, "60000",
            new ConfigValidator.Range(0, null), ConfigImportance.High,
            "How often the start offsets of logs are written down."),
        new("log.index.interval.bytes", ConfigType.Int, "4096", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "About how many bytes of log lie between two entries of an index.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.index.size.max.bytes", ConfigType.Int, "10485760", new ConfigValidator.Range(4, null),
            ConfigImportance.Medium,
            "The most that an index file may hold.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.initial.task.delay.ms", ConfigType.Long, "30000", new ConfigValidator.Range(0, null),
            ConfigImportance.Low,
            "How long after the start the periodic work on logs begins.")
        { IsInternal = true },
        new("log.local.retention.bytes", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
            ConfigImportance.Medium,
            "Bytes kept on local disk when older segments are in remote storage; -2 is log.retention.bytes.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.local.retention.ms", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
            ConfigImportance.Medium,
            "Time that segments stay on local disk when they are in remote storage; -2 is log.retention.ms.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.after.max.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How far a record's timestamp may lie after the broker's clock.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "How far a record's timestamp may lie before the broker's clock.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.message.timestamp.type", ConfigType.String, "CreateTime",
            new ConfigValidator.OneOf("CreateTime", "LogAppendTime"), ConfigImportance.Medium,
            "Whether timestamps are the producer's or those of the append.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.preallocate", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether a new segment file gets its full size at once.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.remote.copy.lag.bytes", ConfigType.Long, "-1", new ConfigValidator.Range(-1, null),
            ConfigImportance.Medium,
            "How much of a log may wait to be copied to remote storage.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.remote.copy.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(-1, null),
            ConfigImportance.Medium,
            "How long a segment may wait to be copied to remote storage.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.retention.bytes", ConfigType.Long, "-1", null, ConfigImportance.High,
            "The most bytes of a partition that are kept; -1 is no limit.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.retention.check.interval.ms", ConfigType.Long, "300000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often old segments are looked for."),
        new("log.retention.hours", ConfigType.Int, "168", null, ConfigImportance.High,
            "How many hours records are kept, unless minutes or milliseconds are set."),
        new("log.retention.minutes", ConfigType.Int, null, null, ConfigImportance.High,
            "How many minutes records are kept, unless milliseconds are set."),
        new("log.retention.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "How many milliseconds records are kept; -1 is for ever.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.roll.hours", ConfigType.Int, "168", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "The age in hours at which a new segment is begun, unless milliseconds are set."),
        new("log.roll.jitter.hours", ConfigType.Int, "0", new ConfigValidator.Range(0, null), ConfigImportance.High,
            "The most hours taken off that age at random, unless milliseconds are set."),
        new("log.roll.jitter.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "The most milliseconds taken off that age at random.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.roll.ms", ConfigType.Long, null, null, ConfigImportance.High,
            "The age in milliseconds at which a new segment is begun.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(1048576, null),
            ConfigImportance.High,
            "The size at which a new segment is begun.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("log.segment.delete.delay.ms", ConfigType.Long, "60000", new ConfigValidator.Range(0, null),
            ConfigImportance.High,
            "How long the files of a dropped segment stay on disk.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connection.creation.rate", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "New connections a second at most.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Connections at most; one more closes the longest idle of another listener.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections.per.ip", ConfigType.Int, "2147483647", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Connections from one address at most.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.connections.per.ip.overrides", ConfigType.String, "", null, ConfigImportance.Medium,
            "Limits of single addresses as host:count.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.decompressed.message.bytes", ConfigType.Int, "2147483639", new ConfigValidator.Range(1, 2147483639),
            ConfigImportance.Medium,
            "The most that a batch may grow to when it is decompressed.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("max.incremental.fetch.session.cache.slots", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Fetch sessions that are remembered at most."),
        new("max.request.partition.size.limit", ConfigType.Int, "2000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "Partitions that one request for descriptions is answered with at most."),
        new("message.max.bytes", ConfigType.Int, "1048588", new ConfigValidator.Range(0, null), ConfigImportance.High,
            "The largest batch that is accepted, in compressed form.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("metadata.log.dir", ConfigType.String, null, null, ConfigImportance.High,
            "The directory of the metadata log; the first log directory unless set."),
        new("metadata.log.max.record.bytes.between.snapshots", ConfigType.Long, "20971520",
            new ConfigValidator.Range(1, null), ConfigImportance.High,
            "Bytes of metadata records after which a new snapshot is made."),
        new("metadata.log.max.snapshot.interval.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
            ConfigImportance.High,
            "Time after which a new snapshot is made if anything has changed; 0 turns this off."),
        new("metadata.log.segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(8388608, null),
            ConfigImportance.High,
            "Size of the metadata log's segments."),
        new("metadata.log.segment.ms", ConfigType.Long, "604800000", null, ConfigImportance.High,
            "Age of the metadata log's segments."),
        new("metadata.max.idle.interval.ms", ConfigType.Int, "500", new ConfigValidator.Range(0, null),
            ConfigImportance.Low,
            "How long the controller may be idle before it writes a record that says nothing; 0 writes none."),
        new("metadata.max.retention.bytes", ConfigType.Long, "104857600", null, ConfigImportance.High,
            "Bytes of metadata log and snapshots that are kept."),
        new("metadata.max.retention.ms", ConfigType.Long, "604800000", null, ConfigImportance.High,
            "How long metadata log and snapshots are kept."),
        new("metric.reporters", ConfigType.List, "org.apache.kafka.common.metrics.JmxReporter",
            new ConfigValidator.UniqueList(true, false), ConfigImportance.Low,
            "Classes that report metrics.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("metrics.num.samples", ConfigType.Int, "2", new ConfigValidator.Range(1, null), ConfigImportance.Low,
            "Samples kept for a metric."),
        new("metrics.recording.level", ConfigType.String, "INFO", null, ConfigImportance.Low,
            "Which metrics are recorded."),
        new("metrics.sample.window.ms", ConfigType.Long, "30000", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "Length of each such sample."),
        new("min.insync.replicas", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "How many replicas must have a record before acks=all is answered; with fewer in sync such writes "
                + "are refused.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("node.id", ConfigType.Int, null, new ConfigValidator.Range(0, null), ConfigImportance.High,
            "The number of this node, unlike that of any other.")
        { IsRequired = true },
        new("num.io.threads", ConfigType.Int, "8", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "Threads that work on requests.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.network.threads", ConfigType.Int, "3", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "Threads that read requests and write answers.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.partitions", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "Partitions of a topic that does not say how many."),
        new("num.recovery.threads.per.data.dir", ConfigType.Int, "2", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Threads a log directory for recovery at the start and flushing at the end.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("num.replica.alter.log.dirs.threads", ConfigType.Int, null, null, ConfigImportance.High,
            "Threads that move replicas between log directories."),
        new("num.replica.fetchers", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "Fetchers for each broker that is followed.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("offset.metadata.max.bytes", ConfigType.Int, "4096", null, ConfigImportance.High,
            "The most metadata that may go with a committed offset."),
        new("offsets.commit.timeout.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "How long a commit of offsets waits for its replicas."),
        new("offsets.load.buffer.size", ConfigType.Int, "5242880", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Size of the reads when committed offsets are loaded."),
        new("offsets.retention.check.interval.ms", ConfigType.Long, "600000", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "How often expired offsets are looked for."),
        new("offsets.retention.minutes", ConfigType.Int, "10080", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "How long the offsets of an empty group are kept."),
        new("offsets.topic.compression.codec", ConfigType.Int, "0", null, ConfigImportance.High,
            "Codec of the topic of committed offsets."),
        new("offsets.topic.num.partitions", ConfigType.Int, "50", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Partitions of the topic of committed offsets."),
        new("offsets.topic.replication.factor", ConfigType.Short, "3", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Replicas of the topic of committed offsets."),
        new("offsets.topic.segment.bytes", ConfigType.Int, "104857600", new ConfigValidator.Range(1, null),
            ConfigImportance.High,
            "Segment size of the topic of committed offsets."),
        new("principal.builder.class", ConfigType.Class,
            "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder", null,
            ConfigImportance.Medium,
            "The class that tells who a connection belongs to.")
        { UpdateMode = UpdateMode.PerBroker },
        new("process.roles", ConfigType.List, null,
            new ConfigValidator.UniqueList(false, false, "broker", "controller"), ConfigImportance.High,
            "What this node is: broker, controller or both.")
        { IsRequired = true },
        new("producer.id.expiration.check.interval.ms", ConfigType.Int, "600000", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "How often expired producer ids are looked for.")
        { IsInternal = true },
        new("producer.id.expiration.ms", ConfigType.Int, "86400000", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "How long the sequence numbers of a silent producer are remembered.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("producer.purgatory.purge.interval.requests", ConfigType.Int, "1000", null, ConfigImportance.Medium,
            "Requests after which finished produce waits are cleared."),
        new("queued.max.request.bytes", ConfigType.Long, "-1", null, ConfigImportance.Medium,
            "Bytes of requests that may wait; -1 is no limit."),
        new("queued.max.requests", ConfigType.Int, "500", new ConfigValidator.Range(1, null), ConfigImportance.High,
            "Requests that may wait before connections are read no further."),
        new("quota.window.num", ConfigType.Int, "11", new ConfigValidator.Range(1, null), ConfigImportance.Low,
            "Samples kept for client quotas."),
        new("quota.window.size.seconds", ConfigType.Int, "1", new ConfigValidator.Range(1, null),
            ConfigImportance.Low,
            "Length of each such sample."),
    ];
}
