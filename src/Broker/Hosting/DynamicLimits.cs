using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Network;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Hosting;

/// <summary>
/// The limits of connections: what the file says, and what is changed while the node runs (KIP-226, KIP-402, KIP-612).
/// </summary>
internal sealed class DynamicLimits(NodeConfig config, IReadOnlyList<ConnectionQuota> quotas) : IMetadataSubscriber
{
    private const string MaxConnections = "max.connections";
    private const string PerIp = "max.connections.per.ip";
    private const string PerIpOverrides = "max.connections.per.ip.overrides";
    private const string CreationRate = "max.connection.creation.rate";

    private readonly EffectiveConfigs _configs = new(config.Properties, config.NodeId);
    private QuotaTable _addresses = QuotaTable.Empty;

    /// <exception cref="NodeConfigException">The overrides are not addresses with counts.</exception>
    public void ApplyFile()
    {
        string overrides = config.GetString(PerIpOverrides) ?? "";
        if (!TryParseOverrides(overrides, out _))
        {
            throw new NodeConfigException(
                $"Invalid value {overrides} for configuration {PerIpOverrides}: address:count, ...");
        }

        Apply(ConfigsImage.Empty);
    }

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.QuotasChanged)
        {
            _addresses = QuotaTable.From(image.ClientQuotas, "connection_creation_rate");
        }

        if (delta.QuotasChanged
            || delta.ChangedConfigs.Any(static resource => resource.Type == ConfigResourceType.Broker))
        {
            Apply(image.Configs);
        }
    }

    private void Apply(ConfigsImage configs)
    {
        string overrides = _configs.BrokerValue(configs, PerIpOverrides) ?? "";
        ConnectionLimits limits = new()
        {
            MaxConnections = _configs.BrokerInt(configs, MaxConnections),
            OfListeners = OfListeners(configs, MaxConnections),
            MaxPerAddress = _configs.BrokerInt(configs, PerIp),
            OfAddresses = TryParseOverrides(overrides, out Dictionary<string, int> parsed) ? parsed : [],
            CreationRate = _configs.BrokerInt(configs, CreationRate),
            CreationRates = OfListeners(configs, CreationRate),
            AddressRates = _addresses,
        };
        foreach (ConnectionQuota quota in quotas)
        {
            quota.Update(limits);
        }
    }

    /// <summary>listener.name.NAME.KEY, by listener; of what is not a number nothing.</summary>
    private Dictionary<string, int> OfListeners(ConfigsImage configs, string key)
    {
        Dictionary<string, int> found = new(StringComparer.Ordinal);
        foreach (ListenerAddress listener in config.Listeners)
        {
            string name = "listener.name." + listener.Name.ToLowerInvariant() + "." + key;
            string? text = configs.For(ConfigResource.Broker(config.NodeId)).GetValueOrDefault(name)
                ?? configs.For(ConfigResource.DefaultBroker).GetValueOrDefault(name)
                ?? config.Properties.GetValueOrDefault(name);
            if (int.TryParse(text, CultureInfo.InvariantCulture, out int value))
            {
                found[listener.Name] = value;
            }
        }

        return found;
    }

    /// <summary>address:count, separated by commas.</summary>
    public static bool TryParseOverrides(string text, out Dictionary<string, int> overrides)
    {
        const StringSplitOptions Items = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        overrides = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string entry in text.Split(',', Items))
        {
            int colon = entry.LastIndexOf(':');
            ReadOnlySpan<char> number = entry.AsSpan(colon + 1);
            if (colon <= 0 || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                return false;
            }

            overrides[entry[..colon]] = count;
        }

        return true;
    }
}
