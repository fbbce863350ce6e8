namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of groups, from Kafka 4.4.</summary>
internal static class GroupConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("consumer.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The shortest time between two assignments of this consumer group.")
        { Synonyms = [new("group.consumer.assignment.interval.ms")] },
        new("consumer.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "Whether this consumer group's assignments are computed outside the coordinator's loop.")
        { IsInternal = true, Synonyms = [new("group.consumer.assignor.offload.enable")] },
        new("consumer.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often members of this consumer group send heartbeats.")
        { Synonyms = [new("group.consumer.heartbeat.interval.ms")] },
        new("consumer.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How long a silent member stays in this consumer group.")
        { Synonyms = [new("group.consumer.session.timeout.ms")] },
        new("errors.deadletterqueue.copy.record.enable", ConfigType.Boolean, "false", null,
            ConfigImportance.Medium,
            "Whether whole records go to the dead letter queue, not only what they were."),
        new("errors.deadletterqueue.topic.name", ConfigType.String, "", null, ConfigImportance.Medium,
            "The topic that receives records which this share group gives up on; none when empty."),
        new("share.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The shortest time between two assignments of this share group.")
        { Synonyms = [new("group.share.assignment.interval.ms")] },
        new("share.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "Whether this share group's assignments are computed outside the coordinator's loop.")
        { IsInternal = true, Synonyms = [new("group.share.assignor.offload.enable")] },
        new("share.auto.offset.reset", ConfigType.String, "latest", new ConfigValidator.OffsetReset(),
            ConfigImportance.Medium,
            "Where a share group without offsets begins: at the end, the start, or a duration back."),
        new("share.delivery.count.limit", ConfigType.Int, "5", new ConfigValidator.Range(2, null),
            ConfigImportance.Medium,
            "How often a record is delivered to this share group at most.")
        { Synonyms = [new("group.share.delivery.count.limit")] },
        new("share.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often members of this share group send heartbeats.")
        { Synonyms = [new("group.share.heartbeat.interval.ms")] },
        new("share.isolation.level", ConfigType.String, "read_uncommitted",
            new ConfigValidator.OneOf("read_committed", "read_uncommitted"), ConfigImportance.Medium,
            "Whether the share group sees records of open and aborted transactions."),
        new("share.partition.max.record.locks", ConfigType.Int, "2000", new ConfigValidator.Range(100, null),
            ConfigImportance.Medium,
            "How many records of a partition this share group may hold at a time.")
        { Synonyms = [new("group.share.partition.max.record.locks")] },
        new("share.record.lock.duration.ms", ConfigType.Int, "30000", new ConfigValidator.Range(1000, null),
            ConfigImportance.Medium,
            "How long a delivered record stays with its consumer before it is given to another.")
        { Synonyms = [new("group.share.record.lock.duration.ms")] },
        new("share.renew.acknowledge.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "Whether members may extend the time they hold a record."),
        new("share.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How long a silent member stays in this share group.")
        { Synonyms = [new("group.share.session.timeout.ms")] },
        new("streams.acceptable.recovery.lag", ConfigType.Long, "10000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The lag up to which a client counts as caught up for a task.")
        { IsInternal = true, Synonyms = [new("group.streams.acceptable.recovery.lag")] },
        new("streams.assignment.interval.ms", ConfigType.Int, "1000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "The shortest time between two assignments of this streams group.")
        { Synonyms = [new("group.streams.assignment.interval.ms")] },
        new("streams.assignor.name", ConfigType.String, null, null, ConfigImportance.Medium,
            "The assignor of this streams group.")
        { Synonyms = [new("group.streams.assignors")] },
        new("streams.assignor.offload.enable", ConfigType.Boolean, "true", null, ConfigImportance.Medium,
            "Whether this streams group's assignments are computed outside the coordinator's loop.")
        { IsInternal = true, Synonyms = [new("group.streams.assignor.offload.enable")] },
        new("streams.heartbeat.interval.ms", ConfigType.Int, "5000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often members of this streams group send heartbeats.")
        { Synonyms = [new("group.streams.heartbeat.interval.ms")] },
        new("streams.initial.rebalance.delay.ms", ConfigType.Int, "3000", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "How long the first assignment of this streams group waits for more members.")
        { Synonyms = [new("group.streams.initial.rebalance.delay.ms")] },
        new("streams.num.standby.replicas", ConfigType.Int, "0", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Standby copies of each task.")
        { Synonyms = [new("group.streams.num.standby.replicas")] },
        new("streams.num.warmup.replicas", ConfigType.Int, "2", new ConfigValidator.Range(0, null),
            ConfigImportance.Medium,
            "Extra copies that may warm up at a time.")
        { IsInternal = true, Synonyms = [new("group.streams.num.warmup.replicas")] },
        new("streams.rack.aware.assignment.tags", ConfigType.List, "",
            new ConfigValidator.UniqueList(true, false), ConfigImportance.Low,
            "Client tags over which standby tasks are spread.")
        { Synonyms = [new("group.streams.rack.aware.assignment.tags")] },
        new("streams.session.timeout.ms", ConfigType.Int, "45000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How long a silent member stays in this streams group.")
        { Synonyms = [new("group.streams.session.timeout.ms")] },
        new("streams.task.offset.interval.ms", ConfigType.Int, "60000", new ConfigValidator.Range(1, null),
            ConfigImportance.Medium,
            "How often members report the offsets of their tasks.")
        { IsInternal = true, Synonyms = [new("group.streams.task.offset.interval.ms")] },
    ];
}
