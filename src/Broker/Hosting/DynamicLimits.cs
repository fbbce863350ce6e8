using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Network;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Hosting;

/// <summary>Applies the connection limits that are changed while the broker runs (KIP-226, KIP-402).</summary>
internal sealed class DynamicLimits(NodeConfig config, ConnectionQuota quota) : IMetadataSubscriber
{
    private const string MaxConnections = "max.connections";
    private const string PerIp = "max.connections.per.ip";
    private const string PerIpOverrides = "max.connections.per.ip.overrides";

    private readonly EffectiveConfigs _configs = new(config.Properties, config.NodeId);

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (!delta.ChangedConfigs.Any(resource => resource.Type == ConfigResourceType.Broker))
        {
            return;
        }

        string overrides = _configs.BrokerValue(image.Configs, PerIpOverrides) ?? "";
        quota.Update(
            _configs.BrokerInt(image.Configs, MaxConnections), _configs.BrokerInt(image.Configs, PerIp),
            TryParseOverrides(overrides, out Dictionary<string, int> parsed) ? parsed : []);
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
