using KRaftSharp.Client.Admin.Calls;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Reads and alters configurations.</summary>
/// <remarks>What belongs to one broker is asked of that broker; the rest of any.</remarks>
public sealed class ConfigAdmin
{
    private readonly AdminCalls _calls;

    internal ConfigAdmin(AdminCalls calls) => _calls = calls;

    /// <summary>Every configuration key of a resource, set or not, by name.</summary>
    /// <exception cref="KafkaException">There is no such resource, or nobody answered.</exception>
    public Task<IReadOnlyList<ConfigEntry>> DescribeAsync(
        ConfigResource resource, CancellationToken cancellation = default) =>
        DescribeAsync([resource], new ConfigDetail(), cancellation).SoleAsync();

    /// <summary>The configurations of resources.</summary>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome<IReadOnlyList<ConfigEntry>>>> DescribeAsync(
        IEnumerable<ConfigResource> resources, ConfigDetail detail, CancellationToken cancellation = default) =>
        EachAsync<IReadOnlyList<ConfigEntry>, DescribeConfigsResponse>(
            resources,
            asked => new DescribeConfigsRequest
            {
                IncludeSynonyms = detail.Synonyms,
                IncludeDocumentation = detail.Documentation,
                Resources = [.. asked.Select(resource => new DescribeConfigsRequest.DescribeConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    ConfigurationKeys = detail.Keys is null ? null : [.. detail.Keys],
                })],
            },
            answer => answer.Results.Select(result => (
                new ConfigResource((ConfigResourceType)result.ResourceType, result.ResourceName),
                Outcome.Of(result.ErrorCode, result.ErrorMessage, Entries(result.Configs)))),
            cancellation);

    /// <summary>Changes some keys of a resource and leaves the others (KIP-339).</summary>
    /// <exception cref="KafkaException">A value is not allowed, or nobody answered.</exception>
    public Task AlterAsync(
        ConfigResource resource, IEnumerable<ConfigChange> changes, bool validateOnly = false,
        CancellationToken cancellation = default) => AlterEachAsync(
            new Dictionary<ConfigResource, IReadOnlyCollection<ConfigChange>> { [resource] = [.. changes] },
            validateOnly, cancellation).SoleAsync();

    /// <summary>Changes some keys of each resource and leaves the others (KIP-339).</summary>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome>> AlterAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyCollection<ConfigChange>> changes, bool validateOnly = false,
        CancellationToken cancellation = default) =>
        AlterEachAsync(changes, validateOnly, cancellation).PlainAsync();

    /// <summary>Sets exactly these keys of each resource; every other key goes back to its default.</summary>
    /// <remarks>The older call (AlterConfigs), for brokers and habits before KIP-339.</remarks>
    public Task<IReadOnlyDictionary<ConfigResource, Outcome>> ReplaceAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string>> configs, bool validateOnly = false,
        CancellationToken cancellation = default) => EachAsync<bool, AlterConfigsResponse>(
            configs.Keys,
            asked => new AlterConfigsRequest
            {
                ValidateOnly = validateOnly,
                Resources = [.. asked.Select(resource => new AlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs = [.. configs[resource].Select(
                        pair => new AlterConfigsRequest.AlterableConfig { Name = pair.Key, Value = pair.Value })],
                })],
            },
            answer => answer.Responses.Select(result => (
                new ConfigResource((ConfigResourceType)result.ResourceType, result.ResourceName),
                Items.Done(result.ErrorCode, result.ErrorMessage))),
            cancellation).PlainAsync();

    /// <summary>The resources that have a configuration of their own (KIP-1142); of all types when none is
    /// named.</summary>
    public Task<IReadOnlyList<ConfigResource>> ListResourcesAsync(
        IEnumerable<ConfigResourceType>? types = null, CancellationToken cancellation = default) =>
        _calls.AnyAsync<ListConfigResourcesResponse, IReadOnlyList<ConfigResource>>(
            new ListConfigResourcesRequest { ResourceTypes = [.. (types ?? []).Select(type => (sbyte)type)] },
            answer => Outcome.Of<IReadOnlyList<ConfigResource>>(
                answer.ErrorCode, null,
                [.. answer.ConfigResources.Select(resource => new ConfigResource(
                    (ConfigResourceType)resource.ResourceType, resource.ResourceName))]),
            cancellation);

    private Task<IReadOnlyDictionary<ConfigResource, Outcome<bool>>> AlterEachAsync(
        IReadOnlyDictionary<ConfigResource, IReadOnlyCollection<ConfigChange>> changes, bool validateOnly,
        CancellationToken cancellation) => EachAsync<bool, IncrementalAlterConfigsResponse>(
            changes.Keys,
            asked => new IncrementalAlterConfigsRequest
            {
                ValidateOnly = validateOnly,
                Resources = [.. asked.Select(resource => new IncrementalAlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Configs = [.. changes[resource].Select(
                        change => new IncrementalAlterConfigsRequest.AlterableConfig
                        {
                            Name = change.Name,
                            ConfigOperation = (sbyte)change.Operation,
                            Value = change.Value,
                        })],
                })],
            },
            answer => answer.Responses.Select(result => (
                new ConfigResource((ConfigResourceType)result.ResourceType, result.ResourceName),
                Items.Done(result.ErrorCode, result.ErrorMessage))),
            cancellation);

    private async Task<IReadOnlyDictionary<ConfigResource, Outcome<TValue>>> EachAsync<TValue, TResponse>(
        IEnumerable<ConfigResource> resources,
        Func<IReadOnlyList<ConfigResource>, IApiMessage> ask,
        Func<TResponse, IEnumerable<(ConfigResource, Outcome<TValue>)>> read,
        CancellationToken cancellation)
        where TResponse : class, IApiMessage
    {
        ILookup<bool, ConfigResource> ofBroker = resources.ToLookup(resource => BrokerOf(resource) is not null);
        IReadOnlyDictionary<ConfigResource, Outcome<TValue>>[] parts = await Task.WhenAll(
            _calls.EachAsync(
                ofBroker[false],
                new ItemCall<ConfigResource, TValue, TResponse>(
                    new AnyRoute<ConfigResource>(), ask, (answer, _) => read(answer)),
                cancellation),
            _calls.EachAsync(
                ofBroker[true],
                new ItemCall<ConfigResource, TValue, TResponse>(
                    new BrokerRoute<ConfigResource>(_calls.Cluster, resource => BrokerOf(resource)!.Value), ask,
                    (answer, _) => read(answer)),
                cancellation));
        return parts.SelectMany(part => part).ToDictionary();
    }

    private static int? BrokerOf(ConfigResource resource) =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger
        && int.TryParse(resource.Name, out int id)
            ? id
            : null;

    private static IReadOnlyList<ConfigEntry> Entries(
        IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> configs) =>
        [.. configs.OrderBy(config => config.Name, StringComparer.Ordinal).Select(
            config => new ConfigEntry(
                config.Name, config.Value, config.ConfigSource, config.ReadOnly, config.IsSensitive)
            {
                Documentation = config.Documentation,
                Synonyms = [.. config.Synonyms.Select(
                    synonym => new ConfigSynonym(synonym.Name, synonym.Value, synonym.Source))],
            })];
}
