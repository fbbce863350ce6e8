namespace KRaftSharp.Quorum.Configs;

/// <summary>The configs of client metrics subscriptions, from Kafka 4.4.</summary>
internal static class ClientMetricsConfigTable
{
    public static readonly ConfigKey[] Keys =
    [
        new("interval.ms", ConfigType.Int, "300000", null, ConfigImportance.Medium,
            "How often clients push the metrics of this subscription."),
        new("match", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
            ConfigImportance.Medium,
            "Which clients the subscription is for: selectors with patterns; all when empty."),
        new("metrics", ConfigType.List, "", new ConfigValidator.UniqueList(true, false),
            ConfigImportance.Medium,
            "Prefixes of the metrics that clients push; none when empty, all for *."),
    ];
}
