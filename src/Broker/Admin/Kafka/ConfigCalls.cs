using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Reads and changes the configs of topics, brokers and groups.</summary>
internal sealed class ConfigCalls(KafkaGateway kafka)
{
    /// <summary>The configs of one resource.</summary>
    /// <param name="name">A topic, a broker's id, or empty for the defaults of all brokers.</param>
    /// <exception cref="AdminProblem">There is no such resource.</exception>
    public async Task<IReadOnlyList<DescribedConfig>> DescribeAsync(
        ConfigResourceType type, string name, IReadOnlyList<string>? keys = null) =>
        (await DescribeAsync(type, [name], keys))[0].Configs;

    /// <summary>The configs of several resources of one type, in the order of their names.</summary>
    public async Task<IReadOnlyList<(string Name, IReadOnlyList<DescribedConfig> Configs)>> DescribeAsync(
        ConfigResourceType type, IReadOnlyList<string> names, IReadOnlyList<string>? keys = null)
    {
        if (names.Count == 0)
        {
            return [];
        }

        DescribeConfigsRequest request = new() { IncludeSynonyms = true, IncludeDocumentation = true };
        foreach (string name in names)
        {
            request.Resources.Add(new DescribeConfigsRequest.DescribeConfigsResource
            {
                ResourceType = (sbyte)type,
                ResourceName = name,
                ConfigurationKeys = keys is null ? null : [.. keys],
            });
        }

        return await kafka.AskAsync(TargetOf(type, names[0]), request, (DescribeConfigsResponse response) =>
            response.Results.ConvertAll<(string, IReadOnlyList<DescribedConfig>)>(result =>
            {
                AdminProblem.ThrowIf(result.ErrorCode, result.ErrorMessage);
                return (result.ResourceName, [.. result.Configs
                    .Select(DescribedConfig.From)
                    .OrderBy(config => config.Name, StringComparer.Ordinal)]);
            }));
    }

    /// <summary>Sets configs, or resets those whose value is null, one resource, all or nothing.</summary>
    /// <exception cref="AdminProblem">A name or value is wrong.</exception>
    public async Task AlterAsync(
        ConfigResourceType type, string name, IEnumerable<ConfigChange> changes, bool validateOnly)
    {
        IncrementalAlterConfigsRequest.AlterConfigsResource resource = new()
        {
            ResourceType = (sbyte)type,
            ResourceName = name,
        };
        foreach (ConfigChange change in changes)
        {
            resource.Configs.Add(new IncrementalAlterConfigsRequest.AlterableConfig
            {
                Name = change.Name,
                ConfigOperation = (sbyte)(change.Value is null ? ConfigChange.Delete : ConfigChange.Set),
                Value = change.Value,
            });
        }

        IncrementalAlterConfigsRequest request = new() { Resources = [resource], ValidateOnly = validateOnly };
        await kafka.AskAsync(TargetOf(type, name), request, (IncrementalAlterConfigsResponse response) =>
        {
            AdminProblem.ThrowIf(response.Responses[0].ErrorCode, response.Responses[0].ErrorMessage);
            return true;
        });
    }

    /// <summary>What a broker's file says and how it logs, only the broker itself knows and lets be changed.</summary>
    private int TargetOf(ConfigResourceType type, string name) =>
        type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger && int.TryParse(name, out int broker)
            ? broker
            : kafka.AnyBroker;
}

/// <summary>One change of a config.</summary>
/// <param name="Value">Null: back to its default.</param>
internal readonly record struct ConfigChange(string Name, string? Value)
{
    public const int Set = 0;
    public const int Delete = 1;
}

/// <summary>One config as a broker describes it.</summary>
internal sealed record DescribedConfig(
    string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, ConfigType Type, string? Doc,
    IReadOnlyList<SourcedValue> Synonyms)
{
    public bool IsDefault => Source == ConfigSource.Default;

    public static DescribedConfig From(DescribeConfigsResponse.DescribeConfigsResourceResult config) => new(
        config.Name, config.Value, (ConfigSource)config.ConfigSource, config.ReadOnly, config.IsSensitive,
        (ConfigType)config.ConfigType, config.Documentation,
        config.Synonyms.ConvertAll(synonym =>
            new SourcedValue(synonym.Name, synonym.Value, (ConfigSource)synonym.Source)));
}
