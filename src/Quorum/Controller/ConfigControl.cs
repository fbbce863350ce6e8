using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>Changes of configs: incremental (KIP-339), legacy, and those of new topics.</summary>
internal sealed class ConfigControl(ControllerState state)
{
    private const string MinInsyncReplicas = "min.insync.replicas";

    private enum Operation : sbyte
    {
        Set = 0,
        Delete = 1,
        Append = 2,
        Subtract = 3,
    }

    public Decision Alter(IncrementalAlterConfigsRequest request)
    {
        IncrementalAlterConfigsResponse response = new();
        List<VersionedRecord> records = [];
        HashSet<ConfigResource> repeated = Repeated(request.Resources.Select(Resource));
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource wanted in request.Resources)
        {
            ConfigResource resource = Resource(wanted);
            ApiError error = repeated.Contains(resource) ? Repeated() : AlterIncrementally(wanted, resource, records);
            response.Responses.Add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = wanted.ResourceType,
                ResourceName = wanted.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            });
        }

        if (!request.ValidateOnly)
        {
            AddClearedElrs(records);
        }

        return request.ValidateOnly ? Decision.Answer(response) : new Decision(records, response);
    }

    /// <summary>The old way: what is not named goes back to its default.</summary>
    public Decision Alter(AlterConfigsRequest request)
    {
        AlterConfigsResponse response = new();
        List<VersionedRecord> records = [];
        HashSet<ConfigResource> repeated = Repeated(request.Resources.Select(Resource));
        foreach (AlterConfigsRequest.AlterConfigsResource wanted in request.Resources)
        {
            ConfigResource resource = Resource(wanted);
            ApiError error = repeated.Contains(resource) ? Repeated() : Replace(wanted, resource, records);
            response.Responses.Add(new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = wanted.ResourceType,
                ResourceName = wanted.ResourceName,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            });
        }

        if (!request.ValidateOnly)
        {
            AddClearedElrs(records);
        }

        return request.ValidateOnly ? Decision.Answer(response) : new Decision(records, response);
    }

    /// <summary>The configs of a topic that is being created.</summary>
    public ApiError SetNewTopicConfigs(CreateTopicsRequest.CreatableTopic topic, List<VersionedRecord> records)
    {
        List<string> nulls = [.. topic.Configs.Where(config => config.Value is null).Select(config => config.Name)];
        if (nulls.Count > 0)
        {
            return new(
                ErrorCode.InvalidConfig,
                $"Null value not supported for topic configs: {string.Join(",", nulls)}");
        }

        SortedDictionary<string, string?> changes = new(StringComparer.Ordinal);
        foreach (CreateTopicsRequest.CreatableTopicConfig config in topic.Configs)
        {
            changes[config.Name] = config.Value;
        }

        return Apply(ConfigResource.Topic(topic.Name), changes, isNew: true, records);
    }

    /// <summary>
    /// Who was eligible to lead was so under another minimum: the next changes of the ISR begin anew (KIP-966).
    /// </summary>
    private void AddClearedElrs(List<VersionedRecord> records)
    {
        if (!state.HasElr)
        {
            return;
        }

        foreach (ConfigRecord changed in records.Select(record => record.Record).OfType<ConfigRecord>()
            .Where(record => record.Name == MinInsyncReplicas).ToList())
        {
            bool isTopic = changed.ResourceType == (sbyte)ConfigResourceType.Topic;
            records.Add(new VersionedRecord(
                new ClearElrRecord { TopicName = isTopic ? changed.ResourceName : "" }, 0));
        }
    }

    private static ConfigResource Resource(IncrementalAlterConfigsRequest.AlterConfigsResource wanted) =>
        new((ConfigResourceType)wanted.ResourceType, wanted.ResourceName);

    private static ConfigResource Resource(AlterConfigsRequest.AlterConfigsResource wanted) =>
        new((ConfigResourceType)wanted.ResourceType, wanted.ResourceName);

    private static HashSet<ConfigResource> Repeated(IEnumerable<ConfigResource> resources)
    {
        HashSet<ConfigResource> seen = [];
        return [.. resources.Where(resource => !seen.Add(resource))];
    }

    private static ApiError Repeated() => new(ErrorCode.InvalidRequest, "Each resource must appear at most once.");

    private static bool IsList(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic => TopicConfigs.All.TryGet(name, out ConfigKey? key) && key.Type == ConfigType.List,
        ConfigResourceType.Broker => BrokerConfigs.Dynamic.TryGet(name, out ConfigKey? key)
            && key.Type == ConfigType.List,
        ConfigResourceType.Group => GroupConfigs.All.TryGet(name, out ConfigKey? key) && key.Type == ConfigType.List,
        ConfigResourceType.ClientMetrics => ClientMetricsConfigs.All.TryGet(name, out ConfigKey? key)
            && key.Type == ConfigType.List,
        _ => false,
    };

    private static string? DefaultOf(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic => TopicConfigs.All.TryGet(name, out ConfigKey? key) ? key.Default : null,
        ConfigResourceType.Broker => BrokerConfigs.All.TryGet(name, out ConfigKey? key) ? key.Default : null,
        _ => null,
    };

    private static List<string> Parts(string? value) =>
        value is null ? [] : [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private ApiError AlterIncrementally(
        IncrementalAlterConfigsRequest.AlterConfigsResource wanted,
        ConfigResource resource,
        List<VersionedRecord> records)
    {
        IReadOnlyDictionary<string, string> current = state.Image.Configs.For(resource);
        SortedDictionary<string, string?> changes = new(StringComparer.Ordinal);
        foreach (IncrementalAlterConfigsRequest.AlterableConfig config in wanted.Configs)
        {
            Operation operation = (Operation)config.ConfigOperation;
            if (operation is < Operation.Set or > Operation.Subtract)
            {
                return new(ErrorCode.UnknownServerError);
            }

            if (operation != Operation.Delete && config.Value is null)
            {
                return new(ErrorCode.InvalidRequest, $"Null value not supported for : {config.Name}");
            }

            if (operation is Operation.Append or Operation.Subtract && !IsList(resource.Type, config.Name))
            {
                return new(
                    ErrorCode.InvalidConfig,
                    $"Can't {(operation == Operation.Append ? "APPEND" : "SUBTRACT")} to key {config.Name} because its"
                    + " type is not LIST.");
            }

            if (!changes.TryAdd(config.Name, null))
            {
                return new(ErrorCode.InvalidRequest, "Error due to duplicate config keys");
            }

            current.TryGetValue(config.Name, out string? old);
            changes[config.Name] = operation switch
            {
                Operation.Set => config.Value,
                Operation.Delete => null,
                Operation.Append => string.Join(',', Parts(old ?? DefaultOf(resource.Type, config.Name))
                    .Union(config.Value!.Split(','))),
                _ => string.Join(',', Parts(old ?? DefaultOf(resource.Type, config.Name))
                    .Except(config.Value!.Split(','))),
            };
        }

        return Apply(resource, changes, isNew: false, records);
    }

    private ApiError Replace(
        AlterConfigsRequest.AlterConfigsResource wanted, ConfigResource resource, List<VersionedRecord> records)
    {
        SortedDictionary<string, string?> changes = new(StringComparer.Ordinal);
        foreach (AlterConfigsRequest.AlterableConfig config in wanted.Configs)
        {
            if (config.Value is null)
            {
                return new(ErrorCode.InvalidRequest, $"Null value not supported for : {config.Name}");
            }

            if (!changes.TryAdd(config.Name, config.Value))
            {
                return new(ErrorCode.InvalidRequest, "Error due to duplicate config keys");
            }
        }

        // The cluster's min.insync.replicas stays where eligible leader replicas rely on it.
        foreach (string name in state.Image.Configs.For(resource).Keys)
        {
            if (!(resource == ConfigResource.DefaultBroker && name == MinInsyncReplicas && IsElrEnabled))
            {
                changes.TryAdd(name, null);
            }
        }

        return Apply(resource, changes, isNew: false, records);
    }

    private bool IsElrEnabled => state.HasElr;

    private ApiError Apply(
        ConfigResource resource,
        SortedDictionary<string, string?> changes,
        bool isNew,
        List<VersionedRecord> records)
    {
        IReadOnlyDictionary<string, string> current = state.Image.Configs.For(resource);
        SortedDictionary<string, string> after = new(StringComparer.Ordinal);
        foreach ((string name, string value) in current)
        {
            after[name] = value;
        }

        foreach ((string name, string? value) in changes)
        {
            if (CheckChange(resource, name, value) is { IsFailure: true } refused)
            {
                return refused;
            }

            after.Remove(name);
            if (value is not null)
            {
                after[name] = value;
            }
        }

        ApiError error = ConfigRules.Check(resource, after, state.Configs, state.Image.Configs);
        if (!error.IsFailure && !isNew)
        {
            error = CheckExists(resource);
        }

        if (error.IsFailure)
        {
            return error;
        }

        foreach ((string name, string? value) in changes)
        {
            current.TryGetValue(name, out string? old);
            // Brokers reload files named by a config when it is set again.
            if (old != value || (resource.Type == ConfigResourceType.Broker && value is not null))
            {
                records.Add(new VersionedRecord(
                    new ConfigRecord
                    {
                        ResourceType = (sbyte)resource.Type,
                        ResourceName = resource.Name,
                        Name = name,
                        Value = value,
                    },
                    0));
            }
        }

        return ApiError.None;
    }

    private ApiError CheckChange(ConfigResource resource, string name, string? value)
    {
        if (value?.Length > short.MaxValue)
        {
            return new(
                ErrorCode.InvalidConfig,
                $"The configuration value cannot be added because it exceeds the maximum value size of "
                + $"{short.MaxValue} bytes.");
        }

        if (resource.Type == ConfigResourceType.Broker
            && BrokerConfigs.CheckDynamic([name], resource.IsDefault) is { } isFixed)
        {
            return new(ErrorCode.InvalidRequest, isFixed);
        }

        if (resource.Type != ConfigResourceType.Broker || name != MinInsyncReplicas || !IsElrEnabled)
        {
            return ApiError.None;
        }

        if (!resource.IsDefault)
        {
            return value is null
                ? ApiError.None
                : new(ErrorCode.InvalidConfig,
                    "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
        }

        return value is null
            ? new(ErrorCode.InvalidConfig, "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.")
            : ApiError.None;
    }

    private ApiError CheckExists(ConfigResource resource)
    {
        if (resource.Type == ConfigResourceType.Topic && !state.Image.Topics.TryGet(resource.Name, out _))
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.");
        }

        bool isUnknownNode = resource is { Type: ConfigResourceType.Broker, IsDefault: false }
            && int.TryParse(resource.Name, out int id)
            && !state.Image.Cluster.Brokers.ContainsKey(id) && !state.Image.Cluster.Controllers.ContainsKey(id);
        return isUnknownNode
            ? new(ErrorCode.InvalidRequest, $"No node with id {resource.Name} found.")
            : ApiError.None;
    }
}
