using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ListConfigResources v0-1 (KIP-714, KIP-1142): what has configs, or may have. v0 client metrics only.
/// </summary>
internal sealed class ListConfigResourcesHandler(Func<MetadataImage> image) : IRequestHandler
{
    private static readonly ConfigResourceType[] All =
    [
        ConfigResourceType.Topic, ConfigResourceType.Broker, ConfigResourceType.BrokerLogger,
        ConfigResourceType.ClientMetrics, ConfigResourceType.Group,
    ];

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        MetadataImage now = image();
        ConfigResourceType[] asked =
            [.. ((ListConfigResourcesRequest)request).ResourceTypes.Select(type => (ConfigResourceType)type)];
        ListConfigResourcesResponse response = new();
        if (context.Version == 0)
        {
            asked = [ConfigResourceType.ClientMetrics];
        }
        else if (asked.Length == 0)
        {
            asked = All;
        }
        else if (asked.Except(All).Any())
        {
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            return new(response);
        }

        response.ConfigResources.AddRange(
            from type in All.Intersect(asked)
            from name in NamesOf(type, now)
            select new ListConfigResourcesResponse.ConfigResource { ResourceName = name, ResourceType = (sbyte)type });
        return new(response);
    }

    /// <summary>All topics and live brokers; of the other kinds those that have configs.</summary>
    private static IEnumerable<string> NamesOf(ConfigResourceType type, MetadataImage now) => type switch
    {
        ConfigResourceType.Topic => now.Topics.ByName.Keys,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => now.Cluster.Brokers.Values
            .Where(broker => !broker.IsFenced).Select(broker => broker.Id.ToString(CultureInfo.InvariantCulture)),
        _ => now.Configs.Resources.Keys.Where(resource => resource.Type == type).Select(resource => resource.Name),
    };
}
