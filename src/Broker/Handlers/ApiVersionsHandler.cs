using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Controller;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// ApiVersions v0-5, answered from the handler table. v3 client software (KIP-511) and features (KIP-584); v4 features
/// that begin at level 0 (KIP-1022); v5 the client says which cluster and node it means to reach.
/// </summary>
internal sealed class ApiVersionsHandler(
    HandlerTable table, Func<MetadataImage> image, Func<short> kraftVersion, string clusterId, int nodeId)
    : IRequestHandler
{
    private const short WithSoftware = 3;
    private const short WithLevelZero = 4;
    private const short WithTarget = 5;

    // As Kafka: old librdkafka compresses only where it sees Produce from version 0 on, which it then does not use.
    private const short AdvertisedProduce = 0;

    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        ApiVersionsRequest asked = (ApiVersionsRequest)request;
        if (context.Version >= WithSoftware)
        {
            if (!IsSoftwareName(asked.ClientSoftwareName) || !IsSoftwareName(asked.ClientSoftwareVersion))
            {
                return Refuse(ErrorCode.InvalidRequest);
            }

            context.Connection.ClientSoftwareName = asked.ClientSoftwareName;
            context.Connection.ClientSoftwareVersion = asked.ClientSoftwareVersion;
        }

        if (context.Version >= WithTarget && (asked.ClusterId is not null || asked.NodeId >= 0))
        {
            if (asked.ClusterId is null || asked.NodeId < 0)
            {
                return Refuse(ErrorCode.InvalidRequest);
            }

            if (asked.ClusterId != clusterId || asked.NodeId != nodeId)
            {
                return Refuse(ErrorCode.RebootstrapRequired);
            }
        }

        return new ValueTask<IApiMessage?>(Answer(context.Version));
    }

    private static ValueTask<IApiMessage?> Refuse(ErrorCode error) =>
        new(new ApiVersionsResponse { ErrorCode = error });

    /// <summary>Letters, digits, '-' and '.', beginning and ending with a letter or digit.</summary>
    private static bool IsSoftwareName(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private ApiVersionsResponse Answer(short version)
    {
        MetadataImage current = image();
        ApiVersionsResponse response = new()
        {
            FinalizedFeaturesEpoch = current.Provenance.EndOffset - 1,
        };
        foreach (HandlerEntry entry in table.Entries.Where(static entry => entry.IsOffered))
        {
            response.ApiKeys.Add(new ApiVersionsResponse.ApiVersion
            {
                ApiKey = (short)entry.Key,
                MinVersion = entry.Key == ApiKey.Produce ? AdvertisedProduce : entry.Lowest,
                MaxVersion = entry.Highest,
            });
        }

        foreach (FeatureDefinition feature in KnownFeatures.All)
        {
            // Clients before version 4 take a feature that begins at 0 for broken: they hear nothing of it (KIP-1022).
            if (feature.Supported.Min == 0 && version < WithLevelZero)
            {
                continue;
            }

            response.SupportedFeatures.Add(new ApiVersionsResponse.SupportedFeatureKey
            {
                Name = feature.Name,
                MinVersion = feature.Supported.Min,
                MaxVersion = feature.Supported.Max,
            });
        }

        // The quorum's own level stands in no metadata record.
        IEnumerable<KeyValuePair<string, short>> levels = current.Features.FinalizedLevels;
        if (kraftVersion() is > 0 and var quorumLevel)
        {
            levels = current.Features.FinalizedLevels.SetItem(KnownFeatures.KRaftVersion, quorumLevel);
        }

        foreach ((string name, short level) in levels)
        {
            response.FinalizedFeatures.Add(new ApiVersionsResponse.FinalizedFeatureKey
            {
                Name = name,
                MinVersionLevel = level,
                MaxVersionLevel = level,
            });
        }

        return response;
    }
}
