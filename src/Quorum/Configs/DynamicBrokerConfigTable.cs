namespace KRaftSharp.Quorum.Configs;

/// <summary>Configs that can be set on brokers at run time only: replication quotas.</summary>
internal static class DynamicBrokerConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("follower.replication.throttled.rate", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "Bytes a second that this broker may fetch for throttled replicas.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("leader.replication.throttled.rate", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "Bytes a second that this broker may send to throttled replicas.")
        { UpdateMode = UpdateMode.ClusterWide },
        new("replica.alter.log.dirs.io.max.bytes.per.second", ConfigType.Long, "9223372036854775807",
            new ConfigValidator.Range(0, null), ConfigImportance.Medium,
            "Bytes a second for moves between log directories.")
        { UpdateMode = UpdateMode.ClusterWide },
    ];
}
