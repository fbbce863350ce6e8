using System.Globalization;
using KRaftSharp.Log;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Configs;

/// <summary>
/// The configs in force on one node: what is set dynamically, for this broker or for all, over what its file says,
/// over the defaults.
/// </summary>
/// <param name="staticConfigs">Only the keys that the file sets.</param>
/// <param name="nodeId">Whose dynamic broker configs count.</param>
public sealed class EffectiveConfigs(IReadOnlyDictionary<string, string> staticConfigs, int nodeId)
{
    private readonly ConfigResource _self = ConfigResource.Broker(nodeId);

    /// <summary>Every config of a topic, in the order of names, internal ones only when set.</summary>
    /// <param name="overrides">The topic's own configs.</param>
    public IEnumerable<ConfigEntry> Topic(ConfigsImage configs, IReadOnlyDictionary<string, string> overrides) =>
        from key in TopicConfigs.All.All
        where !key.IsInternal || overrides.ContainsKey(key.Name)
        select Topic(configs, overrides, key);

    /// <summary>One config of a topic.</summary>
    public ConfigEntry Topic(ConfigsImage configs, IReadOnlyDictionary<string, string> overrides, ConfigKey key)
    {
        List<SourcedValue> synonyms = [];
        if (overrides.TryGetValue(key.Name, out string? own))
        {
            synonyms.Add(new(key.Name, own, ConfigSource.DynamicTopic));
        }

        if (key.Synonyms.Count > 0)
        {
            AddBrokerChain(configs, key.Synonyms[0].Name, synonyms);
        }

        (string? value, ConfigSource source) = synonyms.Count > 0 && synonyms[0].Source != ConfigSource.Default
            ? (synonyms[0].Value, synonyms[0].Source)
            : InheritedTopicValue(configs, key);
        return new ConfigEntry(key, value, source, IsReadOnly: false, synonyms);
    }

    /// <summary>The value of a topic's config, or of what it inherits.</summary>
    public string? TopicValue(ConfigsImage configs, string topic, string name)
    {
        ConfigKey key = TopicConfigs.All[name];
        return configs.For(ConfigResource.Topic(topic)).TryGetValue(name, out string? own)
            ? own
            : InheritedTopicValue(configs, key).Value;
    }

    public bool IsUncleanElectionEnabled(ConfigsImage configs, string topic) =>
        bool.TryParse(TopicValue(configs, topic, "unclean.leader.election.enable"), out bool isEnabled) && isEnabled;

    public int MinInsyncReplicas(ConfigsImage configs, string topic) =>
        int.Parse(TopicValue(configs, topic, "min.insync.replicas")!, CultureInfo.InvariantCulture);

    /// <summary>What a topic's configs say to its logs.</summary>
    public LogOptions LogOptions(ConfigsImage configs, string topic) =>
        TopicConfigs.ToLogOptions(name => TopicValue(configs, topic, name));

    /// <summary>One config of this broker.</summary>
    public ConfigEntry Broker(ConfigsImage configs, ConfigKey key)
    {
        List<SourcedValue> synonyms = [];
        AddBrokerChain(configs, key.Name, synonyms);
        (string? value, ConfigSource source) = synonyms.Count > 0
            ? (synonyms[0].Value, synonyms[0].Source)
            : (key.Default, ConfigSource.Default);
        return new ConfigEntry(key, value, source, key.UpdateMode == UpdateMode.ReadOnly, synonyms);
    }

    /// <summary>
    /// Every config of this broker, in the order of names, internal ones only when set; then those that can only be set
    /// while it runs, such as throttles, where they are.
    /// </summary>
    public IEnumerable<ConfigEntry> Broker(ConfigsImage configs) => BrokerConfigs.All.All
        .Concat(BrokerConfigs.Dynamic.All.Where(key => !BrokerConfigs.All.TryGet(key.Name, out _)))
        .Select(key => Broker(configs, key))
        .Where(entry => entry.Source != ConfigSource.Default
            || (!entry.Key.IsInternal && BrokerConfigs.All.TryGet(entry.Name, out _)));

    /// <summary>The configs that only KRaftSharp has, of those named; they are not listed with the others.</summary>
    public IEnumerable<ConfigEntry> Own(IEnumerable<string> names) =>
        from name in names
        where OwnConfigs.All.TryGet(name, out _)
        let key = OwnConfigs.All[name]
        let isSet = staticConfigs.ContainsKey(name)
        select new ConfigEntry(
            key, isSet ? staticConfigs[name] : key.Default, isSet ? ConfigSource.StaticBroker : ConfigSource.Default,
            IsReadOnly: true, []);

    /// <summary>The value in force of a broker config.</summary>
    public string? BrokerValue(ConfigsImage configs, string name) => Broker(configs, BrokerConfigs.All[name]).Value;

    public int BrokerInt(ConfigsImage configs, string name) =>
        int.Parse(BrokerValue(configs, name)!, CultureInfo.InvariantCulture);

    /// <summary>The dynamic defaults of all brokers, as they are described for the broker without a name.</summary>
    public static IEnumerable<ConfigEntry> DefaultBroker(ConfigsImage configs) =>
        from config in configs.For(ConfigResource.DefaultBroker)
        let key = BrokerConfigs.Dynamic.TryGet(config.Key, out ConfigKey? known)
            ? known
            : new ConfigKey(config.Key, ConfigType.Password, null, null, ConfigImportance.Low, "")
        select new ConfigEntry(
            key, config.Value, ConfigSource.DynamicDefaultBroker, IsReadOnly: false,
            [new(config.Key, config.Value, ConfigSource.DynamicDefaultBroker)]);

    /// <summary>Every config of a group, in the order of names, internal ones only when set.</summary>
    public IEnumerable<ConfigEntry> Group(ConfigsImage configs, string group)
    {
        IReadOnlyDictionary<string, string> overrides = configs.For(new(ConfigResourceType.Group, group));
        foreach (ConfigKey key in GroupConfigs.All.All)
        {
            List<SourcedValue> synonyms = [];
            if (overrides.TryGetValue(key.Name, out string? own))
            {
                synonyms.Add(new(key.Name, own, ConfigSource.Group));
            }
            else if (key.IsInternal)
            {
                continue;
            }

            if (key.Synonyms.Count > 0)
            {
                AddBrokerChain(configs, key.Synonyms[0].Name, synonyms);
            }
            else
            {
                synonyms.Add(new(key.Name, key.Default, ConfigSource.Default));
            }

            yield return new ConfigEntry(key, synonyms[0].Value, synonyms[0].Source, IsReadOnly: false, synonyms);
        }
    }

    /// <summary>The value in force of a group's config: its own or the broker's, within the broker's bounds.</summary>
    public string? GroupValue(ConfigsImage configs, string group, string name)
    {
        ConfigKey key = GroupConfigs.All[name];
        string? value = configs.For(new(ConfigResourceType.Group, group)).TryGetValue(name, out string? own) ? own
            : key.Synonyms.Count > 0 ? BrokerText(configs, key.Synonyms[0].Name)
            : key.Default;
        return value is null ? null : GroupConfigs.Clamp(name, value, bound => BrokerText(configs, bound));
    }

    /// <summary>Every config of a client metrics subscription, in the order of names.</summary>
    public static IEnumerable<ConfigEntry> ClientMetrics(ConfigsImage configs, string subscription)
    {
        IReadOnlyDictionary<string, string> own = configs.For(new(ConfigResourceType.ClientMetrics, subscription));
        return ClientMetricsConfigs.All.All.Select(key => own.TryGetValue(key.Name, out string? value)
            ? new ConfigEntry(key, value, ConfigSource.ClientMetrics, false,
                [new(key.Name, value, ConfigSource.ClientMetrics)])
            : new ConfigEntry(key, key.Default, ConfigSource.Default, false, []));
    }

    private string? BrokerText(ConfigsImage configs, string name) =>
        configs.For(_self).TryGetValue(name, out string? value)
        || configs.For(ConfigResource.DefaultBroker).TryGetValue(name, out value)
        || staticConfigs.TryGetValue(name, out value)
            ? value
            : BrokerConfigs.All[name].Default;

    private (string? Value, ConfigSource Source) InheritedTopicValue(ConfigsImage configs, ConfigKey key)
    {
        foreach (ConfigSynonym synonym in key.Synonyms)
        {
            List<SourcedValue> chain = [];
            AddBrokerChain(configs, synonym.Name, chain);
            if (chain.Count > 0 && chain[0].Value is { } value)
            {
                // What another unit gives is shown as a default: Kafka names only the first synonym as a source.
                return (Scale(value, synonym.Factor),
                    synonym == key.Synonyms[0] ? chain[0].Source : ConfigSource.Default);
            }
        }

        return (key.Default, ConfigSource.Default);
    }

    private static string Scale(string value, long factor) => factor == 1
        ? value
        : long.TryParse(value, CultureInfo.InvariantCulture, out long number)
            ? (number < 0 ? number : number * factor).ToString(CultureInfo.InvariantCulture)
            : value;

    private void AddBrokerChain(ConfigsImage configs, string name, List<SourcedValue> chain)
    {
        if (configs.For(_self).TryGetValue(name, out string? value))
        {
            chain.Add(new(name, value, ConfigSource.DynamicBroker));
        }

        if (configs.For(ConfigResource.DefaultBroker).TryGetValue(name, out value))
        {
            chain.Add(new(name, value, ConfigSource.DynamicDefaultBroker));
        }

        // broker.id is the older name of node.id: who sets one has set the other.
        if (staticConfigs.TryGetValue(name, out value)
            || (name == "broker.id" && staticConfigs.TryGetValue("node.id", out value)))
        {
            chain.Add(new(name, value, ConfigSource.StaticBroker));
        }

        if (BrokerConfigs.All.TryGet(name, out ConfigKey? key) && key.Default is { } preset)
        {
            chain.Add(new(name, preset, ConfigSource.Default));
        }
    }
}
