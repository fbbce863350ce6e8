using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// What a broker checks of AlterConfigs and IncrementalAlterConfigs before the controller sees them: the form, and
/// whether its own configs could change like that (KIP-226).
/// </summary>
internal sealed class ConfigChecks(NodeConfig config, Func<MetadataImage> image)
{
    private const string CleanerThreads = "log.cleaner.threads";

    // What may be halved or doubled in one step, no more, for threads are started and stopped at once.
    private static readonly string[] ThreadCounts =
    [
        "num.io.threads", "num.replica.fetchers", "num.recovery.threads.per.data.dir", "background.threads",
        "num.network.threads",
    ];

    private readonly EffectiveConfigs _configs = new(config.Properties, config.NodeId);

    /// <summary>Each key once, and a value where one is needed.</summary>
    public static ConfigError CheckForm(ConfigAlteration alteration)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        if (!alteration.Changes.All(change => seen.Add(change.Name)))
        {
            return ConfigError.InvalidRequest("Error due to duplicate config keys");
        }

        List<string> nulls =
        [
            .. alteration.Changes.Where(change => change.Value is null && change.Operation != ConfigOperation.Delete)
                .Select(change => change.Name),
        ];
        return nulls.Count > 0
            ? ConfigError.InvalidRequest($"Null value not supported for : {string.Join(", ", nulls)}")
            : ConfigError.None;
    }

    /// <summary>A change of this broker's configs, or of those of all brokers.</summary>
    public ConfigError CheckBroker(ConfigAlteration alteration)
    {
        string name = alteration.Resource.Name;
        if (name.Length > 0)
        {
            if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int id))
            {
                return ConfigError.InvalidRequest($"Node id must be an integer, but it is: {name}");
            }

            if (id != config.NodeId)
            {
                return ConfigError.InvalidRequest(
                    $"Unexpected broker id, expected {config.NodeId}, but received {name}");
            }
        }

        ConfigsImage configs = image().Configs;
        SortedDictionary<string, string> after = new(StringComparer.Ordinal);
        if (!alteration.IsLegacy)
        {
            foreach ((string key, string value) in configs.For(alteration.Resource))
            {
                after[key] = value;
            }
        }

        foreach (ConfigChange change in alteration.Changes)
        {
            if (Apply(change, after) is { IsFailure: true } refused)
            {
                return refused;
            }
        }

        return CheckValues(after, configs, isForAll: name.Length == 0);
    }

    private static ConfigError Apply(ConfigChange change, SortedDictionary<string, string> values)
    {
        switch (change.Operation)
        {
            case ConfigOperation.Set:
                values[change.Name] = change.Value!;
                return ConfigError.None;
            case ConfigOperation.Delete:
                values.Remove(change.Name);
                return ConfigError.None;
            case ConfigOperation.Append or ConfigOperation.Subtract:
                break;
            default:
                return ConfigError.InvalidRequest($"Unknown operations type {(sbyte)change.Operation}");
        }

        bool isAppend = change.Operation == ConfigOperation.Append;
        if (BrokerConfigs.Find(change.Name) is not { Type: ConfigType.List } key)
        {
            return ConfigError.InvalidConfig(
                $"Config value {(isAppend ? "append" : "subtract")} is not allowed for config key: {change.Name}");
        }

        string[] old = Parts(values.GetValueOrDefault(change.Name) ?? key.Default);
        string[] named = Parts(change.Value);
        values[change.Name] = string.Join(',', isAppend ? old.Union(named) : old.Except(named));
        return ConfigError.None;
    }

    private static string[] Parts(string? value) =>
        (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private ConfigError CheckValues(SortedDictionary<string, string> values, ConfigsImage configs, bool isForAll)
    {
        if (BrokerConfigs.CheckDynamic(values.Keys, isForAll) is { } isFixed)
        {
            return ConfigError.InvalidRequest(isFixed);
        }

        foreach ((string key, string value) in values)
        {
            if (BrokerConfigs.FindDynamic(key) is { } known && known.Check(value) is { } error)
            {
                return ConfigError.InvalidRequest(error);
            }
        }

        if (CheckThreads(values, configs) is { } threads)
        {
            return ConfigError.InvalidRequest(threads);
        }

        try
        {
            // The node must be able to run with it: listeners, and whatever else hangs together.
            NodeConfig.Parse(config.Properties.Where(entry => !values.ContainsKey(entry.Key)).Concat(values));
            return ConfigError.None;
        }
        catch (NodeConfigException error)
        {
            return ConfigError.InvalidRequest(error.Message);
        }
    }

    private string? CheckThreads(SortedDictionary<string, string> values, ConfigsImage configs)
    {
        foreach (string key in ThreadCounts.Append(CleanerThreads))
        {
            if (!values.TryGetValue(key, out string? text))
            {
                continue;
            }

            int wanted = int.Parse(text.Trim(), CultureInfo.InvariantCulture);
            int current = _configs.BrokerInt(configs, key);
            bool isCleaner = key == CleanerThreads;
            if (wanted > current * 2)
            {
                return isCleaner
                    ? $"Log cleaner threads cannot be increased to more than double the current value {current}"
                    : $"Dynamic thread count update validation failed for {key}={wanted}: value should not be greater"
                        + $" than double the current value {current}";
            }

            if (wanted < current / 2)
            {
                return isCleaner
                    ? $"Log cleaner threads cannot be reduced to less than half the current value {current}"
                    : $"Dynamic thread count update validation failed for {key}={wanted}: value should be at least"
                        + $" half the current value {current}";
            }
        }

        return null;
    }
}
