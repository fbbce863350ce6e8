using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeConfigs v1-4: topics, this broker and its loggers, the defaults of all brokers, groups, client
/// metrics. v1 synonyms; v3 types and documentation.</summary>
internal sealed class DescribeConfigsHandler(
    EffectiveConfigs configs, Func<MetadataImage> image, NodeLoggers loggers, int nodeId) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new(Answer((DescribeConfigsRequest)request));

    private DescribeConfigsResponse Answer(DescribeConfigsRequest request)
    {
        MetadataImage current = image();
        DescribeConfigsResponse response = new();
        foreach (DescribeConfigsRequest.DescribeConfigsResource resource in request.Resources)
        {
            DescribeConfigsResponse.DescribeConfigsResult result = new()
            {
                ResourceType = resource.ResourceType,
                ResourceName = resource.ResourceName,
                ErrorMessage = "",
            };
            response.Results.Add(result);
            if (resource.ResourceType == (sbyte)ConfigResourceType.BrokerLogger)
            {
                ConfigError error = loggers.Describe(resource, result);
                result.ErrorCode = error.Code;
                result.ErrorMessage = error.Message ?? "";
                continue;
            }

            IEnumerable<ConfigEntry> entries = Entries(current, resource, result);
            foreach (ConfigEntry entry in entries)
            {
                if (resource.ConfigurationKeys is not { Count: > 0 } wanted || wanted.Contains(entry.Name))
                {
                    result.Configs.Add(Describe(entry, request));
                }
            }
        }

        return response;
    }

    private IEnumerable<ConfigEntry> Entries(
        MetadataImage current, DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsResponse.DescribeConfigsResult result)
    {
        string name = resource.ResourceName;
        switch ((ConfigResourceType)resource.ResourceType)
        {
            case ConfigResourceType.Topic when Quorum.Controller.TopicNames.Check(name) is { } wrong:
                return Refuse(result, ErrorCode.InvalidTopic, wrong);
            case ConfigResourceType.Topic when !current.Topics.TryGet(name, out _):
                return Refuse(result, ErrorCode.UnknownTopicOrPartition, "");
            case ConfigResourceType.Topic:
                return configs.Topic(current.Configs, current.Configs.For(ConfigResource.Topic(name)));
            case ConfigResourceType.Broker when name.Length == 0:
                return EffectiveConfigs.DefaultBroker(current.Configs);
            case ConfigResourceType.Broker when name == nodeId.ToString(CultureInfo.InvariantCulture):
                return configs.Broker(current.Configs).Concat(configs.Own(resource.ConfigurationKeys ?? []));
            case ConfigResourceType.Broker when int.TryParse(name, CultureInfo.InvariantCulture, out _):
                return Refuse(result, ErrorCode.InvalidRequest,
                    $"Unexpected broker id, expected {nodeId} or empty string, but received {name}");
            case ConfigResourceType.Broker:
                return Refuse(result, ErrorCode.InvalidRequest, $"Broker id must be an integer, but it is: {name}");
            case ConfigResourceType.Group when name.Length == 0:
                return Refuse(result, ErrorCode.InvalidRequest, "Group name must not be empty");
            case ConfigResourceType.Group:
                return configs.Group(current.Configs, name);
            case ConfigResourceType.ClientMetrics when name.Length == 0:
                return Refuse(
                    result, ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty");
            case ConfigResourceType.ClientMetrics:
                return EffectiveConfigs.ClientMetrics(current.Configs, name);
            default:
                return Refuse(result, ErrorCode.InvalidRequest, ErrorCodes.Message(ErrorCode.InvalidRequest));
        }
    }

    private static ConfigEntry[] Refuse(
        DescribeConfigsResponse.DescribeConfigsResult result, ErrorCode error, string message)
    {
        result.ErrorCode = error;
        result.ErrorMessage = message;
        return [];
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Describe(
        ConfigEntry entry, DescribeConfigsRequest request)
    {
        DescribeConfigsResponse.DescribeConfigsResourceResult described = new()
        {
            Name = entry.Name,
            Value = entry.IsSensitive ? null : entry.Value,
            ReadOnly = entry.IsReadOnly,
            ConfigSource = (sbyte)entry.Source,
            IsSensitive = entry.IsSensitive,
            ConfigType = (sbyte)entry.Key.Type,
            Documentation = request.IncludeDocumentation ? entry.Key.Doc : null,
        };
        if (request.IncludeSynonyms)
        {
            foreach (SourcedValue synonym in entry.Synonyms)
            {
                described.Synonyms.Add(new DescribeConfigsResponse.DescribeConfigsSynonym
                {
                    Name = synonym.Name,
                    Value = entry.IsSensitive ? null : synonym.Value,
                    Source = (sbyte)synonym.Source,
                });
            }
        }

        return described;
    }
}
