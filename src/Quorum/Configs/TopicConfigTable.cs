namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of topics, from Kafka 4.4.</summary>
internal static class TopicConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("cleanup.policy", ConfigType.List, "delete",
            new ConfigValidator.UniqueList(true, false, "compact", "delete"), ConfigImportance.Medium,
            "What happens to old segments: delete drops them by age and size, compact keeps the last value of "
                + "each key; both may be given, and none keeps everything.")
        { Synonyms = [new("log.cleanup.policy")] },
        new("compression.gzip.level", ConfigType.Int, "-1", new ConfigValidator.RangeOr(1, 9, -1),
            ConfigImportance.Medium,
            "How hard gzip tries when compression.type is gzip; -1 is the codec's own default.")
        { Synonyms = [new("compression.gzip.level")] },
        new("compression.lz4.level", ConfigType.Int, "9", new ConfigValidator.Range(1, 17), ConfigImportance.Medium,
            "How hard lz4 tries when compression.type is lz4.")
        { Synonyms = [new("compression.lz4.level")] },
        new("compression.type", ConfigType.String, "producer",
            new ConfigValidator.OneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            ConfigImportance.Medium,
            "The codec in which batches are stored; producer keeps what the producer chose, uncompressed "
                + "stores plain.")
        { Synonyms = [new("compression.type")] },
        new("compression.zstd.level", ConfigType.Int, "3", new ConfigValidator.Range(-131072, 22),
            ConfigImportance.Medium,
            "How hard zstd tries when compression.type is zstd.")
        { Synonyms = [new("compression.zstd.level")] },
        new("delete.retention.ms", ConfigType.Long, "86400000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How long a compacted topic keeps tombstones, so that readers who start late still see that a key "
                + "is gone.")
        { Synonyms = [new("log.cleaner.delete.retention.ms")] },
        new("errors.deadletterqueue.group.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether this topic may receive records that share groups give up on."),
        new("file.delete.delay.ms", ConfigType.Long, "60000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How long the files of a dropped segment stay on disk.")
        { Synonyms = [new("log.segment.delete.delay.ms")] },
        new("flush.messages", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "Records after which the log is forced to disk; replication is the better guarantee.")
        { Synonyms = [new("log.flush.interval.messages")] },
        new("flush.ms", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Time after which the log is forced to disk.")
        { Synonyms = [new("log.flush.interval.ms"), new("log.flush.scheduler.interval.ms")] },
        new("follower.replication.throttled.replicas", ConfigType.List, "", new ConfigValidator.ThrottledReplicas(),
            ConfigImportance.Medium,
            "Replicas whose fetching as followers counts against the throttle: pairs of partition and broker, "
                + "or * for all."),
        new("index.interval.bytes", ConfigType.Int, "4096", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "About how many bytes of log lie between two entries of the offset index.")
        { Synonyms = [new("log.index.interval.bytes")] },
        new("internal.segment.bytes", ConfigType.Int, null, null, ConfigImportance.Medium,
            "Segment size for tests, which may be smaller than segment.bytes allows.")
        { IsInternal = true },
        new("leader.replication.throttled.replicas", ConfigType.List, "", new ConfigValidator.ThrottledReplicas(),
            ConfigImportance.Medium,
            "Replicas whose leaders' sending counts against the throttle: pairs of partition and broker, or * "
                + "for all."),
        new("local.retention.bytes", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null),
            ConfigImportance.Medium,
            "Bytes kept on local disk when older segments are in remote storage; -2 is retention.bytes.")
        { Synonyms = [new("log.local.retention.bytes")] },
        new("local.retention.ms", ConfigType.Long, "-2", new ConfigValidator.Range(-2, null), ConfigImportance.Medium,
            "Time that segments stay on local disk when they are in remote storage; -2 is retention.ms.")
        { Synonyms = [new("log.local.retention.ms")] },
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "The longest time a record stays out of reach of compaction.")
        { Synonyms = [new("log.cleaner.max.compaction.lag.ms")] },
        new("max.decompressed.message.bytes", ConfigType.Int, "2147483639", new ConfigValidator.Range(1, 2147483639),
            ConfigImportance.Medium,
            "The most that a batch may grow to when it is decompressed.")
        { Synonyms = [new("max.decompressed.message.bytes")] },
        new("max.message.bytes", ConfigType.Int, "1048588", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The largest batch that is accepted, in compressed form.")
        { Synonyms = [new("message.max.bytes")] },
        new("message.timestamp.after.max.ms", ConfigType.Long, "3600000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How far a record's timestamp may lie after the broker's clock.")
        { Synonyms = [new("log.message.timestamp.after.max.ms")] },
        new("message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "How far a record's timestamp may lie before the broker's clock.")
        { Synonyms = [new("log.message.timestamp.before.max.ms")] },
        new("message.timestamp.type", ConfigType.String, "CreateTime",
            new ConfigValidator.OneOf("CreateTime", "LogAppendTime"), ConfigImportance.Medium,
            "Whether timestamps are the producer's or those of the append.")
        { Synonyms = [new("log.message.timestamp.type")] },
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5", new ConfigValidator.Range(0, 1),
            ConfigImportance.Medium,
            "How much of a log must be uncompacted before it is compacted again.")
        { Synonyms = [new("log.cleaner.min.cleanable.ratio")] },
        new("min.compaction.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The shortest time a record stays as it is before compaction may touch it.")
        { Synonyms = [new("log.cleaner.min.compaction.lag.ms")] },
        new("min.insync.replicas", ConfigType.Int, "1", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "How many replicas must have a record before acks=all is answered; with fewer in sync such writes "
                + "are refused.")
        { Synonyms = [new("min.insync.replicas")] },
        new("preallocate", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether a new segment file gets its full size at once.")
        { Synonyms = [new("log.preallocate")] },
        new("remote.copy.lag.bytes", ConfigType.Long, "-1", new ConfigValidator.Range(-1, null),
            ConfigImportance.Medium,
            "How much of a log may wait to be copied to remote storage; -1 takes local.retention.bytes as the "
                + "bound.")
        { Synonyms = [new("log.remote.copy.lag.bytes")] },
        new("remote.copy.lag.ms", ConfigType.Long, "0", new ConfigValidator.Range(-1, null), ConfigImportance.Medium,
            "How long a segment may wait to be copied to remote storage; -1 takes local.retention.ms as the "
                + "bound.")
        { Synonyms = [new("log.remote.copy.lag.ms")] },
        new("remote.log.copy.disable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether a tiered topic copies no more segments to remote storage and only reads there."),
        new("remote.log.delete.on.disable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether turning remote storage off also deletes what is there."),
        new("remote.storage.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether old segments go to remote storage."),
        new("retention.bytes", ConfigType.Long, "-1", null, ConfigImportance.Medium,
            "The most bytes of a partition that are kept before old segments are dropped; -1 is no limit.")
        { Synonyms = [new("log.retention.bytes")] },
        new("retention.ms", ConfigType.Long, "604800000", new ConfigValidator.Range(-1, null),
            ConfigImportance.Medium,
            "How long records are kept before their segment is dropped; -1 is for ever.")
        {
            Synonyms = [
                new("log.retention.ms"),
                new("log.retention.minutes", 60000),
                new("log.retention.hours", 3600000),
            ],
        },
        new("segment.bytes", ConfigType.Int, "1073741824", new ConfigValidator.Range(1048576, null),
            ConfigImportance.Medium,
            "The size at which a new segment is begun.")
        { Synonyms = [new("log.segment.bytes")] },
        new("segment.index.bytes", ConfigType.Int, "10485760", new ConfigValidator.Range(4, null),
            ConfigImportance.Medium,
            "The most that an index file may hold; a full one begins a new segment.")
        { Synonyms = [new("log.index.size.max.bytes")] },
        new("segment.jitter.ms", ConfigType.Long, "0", new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "The most that is taken off segment.ms at random, so that not all segments roll together.")
        { Synonyms = [new("log.roll.jitter.ms"), new("log.roll.jitter.hours", 3600000)] },
        new("segment.ms", ConfigType.Long, "604800000", new ConfigValidator.Range(1, null), ConfigImportance.Medium,
            "The age at which a new segment is begun even if the old one is not full.")
        { Synonyms = [new("log.roll.ms"), new("log.roll.hours", 3600000)] },
        new("unclean.leader.election.enable", ConfigType.Boolean, "false", null, ConfigImportance.Medium,
            "Whether a replica that is not in sync may lead when no other can, at the cost of acknowledged "
                + "records.")
        { Synonyms = [new("unclean.leader.election.enable")] },
    ];
}
