namespace KRaftSharp.Broker.Config;

/// <summary>
/// Environment variables as containers of Kafka take them: KAFKA_LOG_DIRS is log.dirs; two underscores stand for one,
/// three for a dash.
/// </summary>
public static class EnvironmentProperties
{
    private const string Prefix = "KAFKA_";

    // Settings of Kafka's own scripts, which are no configs.
    private static readonly string[] NotConfigs =
    [
        "KAFKA_HOME", "KAFKA_VERSION", "KAFKA_OPTS", "KAFKA_HEAP_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS",
        "KAFKA_GC_LOG_OPTS", "KAFKA_JMX_OPTS", "KAFKA_JMX_PORT", "KAFKA_JMX_HOSTNAME", "KAFKA_DEBUG", "KAFKA_MODE",
    ];

    public static Dictionary<string, string> Parse(IEnumerable<KeyValuePair<string, string>> variables)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        foreach ((string name, string value) in variables)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && !NotConfigs.Contains(name)
                && !name.StartsWith("KAFKA_LOG4J_", StringComparison.Ordinal))
            {
                properties[KeyOf(name[Prefix.Length..])] = value;
            }
        }

        return properties;
    }

    private static string KeyOf(string name) => name.ToLowerInvariant()
        .Replace("___", "-", StringComparison.Ordinal)
        .Replace("__", "\u0001", StringComparison.Ordinal)
        .Replace('_', '.')
        .Replace('\u0001', '_');
}
