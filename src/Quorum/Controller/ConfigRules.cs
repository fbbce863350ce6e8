using System.Globalization;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Whether the configs that a resource would have are allowed.</summary>
internal static class ConfigRules
{
    public static ApiError Check(
        ConfigResource resource,
        IReadOnlyDictionary<string, string> values,
        EffectiveConfigs configs,
        ConfigsImage image) => resource.Type switch
        {
            ConfigResourceType.Topic => CheckTopic(resource.Name, values),
            ConfigResourceType.Broker => CheckBroker(resource.Name, values),
            ConfigResourceType.Group => CheckGroup(resource.Name, values, configs, image),
            ConfigResourceType.ClientMetrics => CheckClientMetrics(resource.Name, values),
            _ => new(ErrorCode.InvalidRequest, $"Unknown resource type {(sbyte)resource.Type}"),
        };

    private static ApiError CheckTopic(string name, IReadOnlyDictionary<string, string> values)
    {
        if (name.Length == 0)
        {
            return new(ErrorCode.InvalidRequest, "Default topic resources are not allowed.");
        }

        if (TopicNames.Check(name) is { } wrong)
        {
            return new(ErrorCode.InvalidTopic, wrong);
        }

        return TopicConfigs.Validate(values) is { } error ? new(ErrorCode.InvalidConfig, error) : ApiError.None;
    }

    private static ApiError CheckBroker(string name, IReadOnlyDictionary<string, string> values)
    {
        if (name.Length > 0 && !int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return new(ErrorCode.InvalidRequest, "Unable to parse broker name as a base 10 number.");
        }

        foreach ((string key, string value) in values)
        {
            if (BrokerConfigs.FindDynamic(key) is { } known && known.Check(value) is { } error)
            {
                return new(ErrorCode.InvalidConfig, error);
            }
        }

        return ApiError.None;
    }

    private static ApiError CheckGroup(
        string name, IReadOnlyDictionary<string, string> values, EffectiveConfigs configs, ConfigsImage image)
    {
        if (name.Length == 0)
        {
            return new(ErrorCode.InvalidRequest, "Default group resources are not allowed.");
        }

        return GroupConfigs.Validate(values, key => configs.BrokerValue(image, key)) is { } error
            ? new(ErrorCode.InvalidConfig, error)
            : ApiError.None;
    }

    private static ApiError CheckClientMetrics(string name, IReadOnlyDictionary<string, string> values)
    {
        if (name.Length == 0)
        {
            return new(ErrorCode.InvalidRequest, "Subscription name can't be empty");
        }

        foreach ((string key, string value) in values)
        {
            if (!ClientMetricsConfigs.All.TryGet(key, out ConfigKey? known))
            {
                return new(ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {key}");
            }

            if (known.Check(value) is { } error)
            {
                return new(ErrorCode.InvalidConfig, error);
            }

            if (key == "interval.ms" && int.Parse(value.Trim(), CultureInfo.InvariantCulture) is < 100 or > 3_600_000)
            {
                return new(
                    ErrorCode.InvalidRequest,
                    $"Invalid value {value} for interval.ms, interval must be between 100 and 3600000 (1 hour)");
            }

            if (key == "match" && ClientMetricsConfigs.CheckMatch(value) is { } pattern)
            {
                return new(ErrorCode.InvalidConfig, $"Illegal client matching pattern: {pattern}");
            }
        }

        return ApiError.None;
    }
}
