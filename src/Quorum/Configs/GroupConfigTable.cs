namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of groups, from Kafka 4.4.</summary>
internal static class GroupConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("consumer.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.consumer.assignment.interval.ms")] },
        new("consumer.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.consumer.assignor.offload.enable")] },
        new("consumer.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.consumer.heartbeat.interval.ms")] },
        new("consumer.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.consumer.session.timeout.ms")] },
        new("errors.deadletterqueue.copy.record.enable", ConfigType.Boolean, "false", null,
        ConfigImportance.Medium,
            ""),
        new("errors.deadletterqueue.topic.name", ConfigType.String, "", null, ConfigImportance.Medium,
            ""),
        new("share.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.assignment.interval.ms")] },
        new("share.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.share.assignor.offload.enable")] },
        new("share.auto.offset.reset", ConfigType.String, "latest", new ConfigValidator.OffsetReset(),
        ConfigImportance.Medium,
            ""),
        new("share.delivery.count.limit", ConfigType.Int, "5", new ConfigValidator.Range(2, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.delivery.count.limit")] },
        new("share.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.heartbeat.interval.ms")] },
        new("share.isolation.level", ConfigType.String, "read_uncommitted",
        new ConfigValidator.OneOf("read_committed", "read_uncommitted"), ConfigImportance.Medium,
            ""),
        new("share.partition.max.record.locks", ConfigType.Int, "2000", new ConfigValidator.Range(100, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.partition.max.record.locks")] },
        new("share.record.lock.duration.ms", ConfigType.Int, "30000", new ConfigValidator.Range(1000, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.record.lock.duration.ms")] },
        new("share.renew.acknowledge.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            ""),
        new("share.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.share.session.timeout.ms")] },
        new("streams.acceptable.recovery.lag", ConfigType.Long, "10000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.streams.acceptable.recovery.lag")] },
        new("streams.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.assignment.interval.ms")] },
        new("streams.assignor.name", ConfigType.String, null, null, ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.assignors")] },
        new("streams.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.streams.assignor.offload.enable")] },
        new("streams.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.heartbeat.interval.ms")] },
        new("streams.initial.rebalance.delay.ms", ConfigType.Int, "3000", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.initial.rebalance.delay.ms")] },
        new("streams.num.standby.replicas", ConfigType.Int, "0", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.num.standby.replicas")] },
        new("streams.num.warmup.replicas", ConfigType.Int, "2", new ConfigValidator.Range(0, null),
        ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.streams.num.warmup.replicas")] },
        new("streams.rack.aware.assignment.tags", ConfigType.List, "",
        new ConfigValidator.UniqueList(true, false), ConfigImportance.Low,
            "")
        { Synonyms = [new("group.streams.rack.aware.assignment.tags")] },
        new("streams.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { Synonyms = [new("group.streams.session.timeout.ms")] },
        new("streams.task.offset.interval.ms", ConfigType.Int, "60000", new ConfigValidator.Range(1, null),
        ConfigImportance.Medium,
            "")
        { IsInternal = true, Synonyms = [new("group.streams.task.offset.interval.ms")] },
    ];
}
