namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of client metrics subscriptions, from Kafka 4.4.</summary>
internal static class ClientMetricsConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("interval.ms", ConfigType.Int, "300000", null, ConfigImportance.Medium,
            ""),
        new("match", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
        ConfigImportance.Medium,
            ""),
        new("metrics", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
        ConfigImportance.Medium,
            ""),
    ];
}
