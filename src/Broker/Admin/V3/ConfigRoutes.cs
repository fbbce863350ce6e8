using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>The configs of topics, of each broker and of all brokers, which have the same routes.</summary>
internal sealed class ConfigRoutes(AdminServices services)
{
    private static readonly AdminQuery[] Paging = [AdminQuery.PageSize, AdminQuery.PageToken];

    public IEnumerable<AdminRoute> Routes =>
    [
        .. Family("/topics/{topic_name}/configs", "a topic", Topic),
        .. Family("/brokers/{broker_id}/configs", "a broker", Broker),
        .. Family("/broker-configs", "all brokers", AllBrokers),
        new("GET", V3Scope.Root + "/topics/-/configs", AdminRole.Reader, "The configs of all topics.", OfAllTopics)
        { Answer = AdminJson.Default.V3ListConfigData, Query = Paging },
        new("GET", V3Scope.Root + "/brokers/-/configs", AdminRole.Reader, "The configs of each broker.", OfEachBroker)
        { Answer = AdminJson.Default.V3ListConfigData, Query = Paging },
    ];

    private AdminRoute[] Family(string path, string whose, Func<AdminCall, Resource> resource) =>
    [
        new("GET", V3Scope.Root + path, AdminRole.Reader, $"The configs of {whose}.", call => ListAsync(call, resource))
        { Answer = AdminJson.Default.V3ListConfigData, Query = Paging },
        new("POST", V3Scope.Root + path + ":alter", AdminRole.Admin, $"Changes configs of {whose}, all or none.",
            call => AlterAsync(call, resource))
        { Body = AdminJson.Default.AlterConfigsBody, Success = 204, Query = [AdminQuery.DryRun] },
        new("GET", V3Scope.Root + path + "/{name}", AdminRole.Reader, $"A config of {whose}.",
            call => GetAsync(call, resource))
        { Answer = AdminJson.Default.ConfigData },
        new("PUT", V3Scope.Root + path + "/{name}", AdminRole.Admin, $"Sets a config of {whose}.",
            async call => await SetAsync(
                call, resource, (await call.ReadAsync(AdminJson.Default.UpdateConfigBody)).Value))
        { Body = AdminJson.Default.UpdateConfigBody, Success = 204, Query = [AdminQuery.DryRun] },
        new("DELETE", V3Scope.Root + path + "/{name}", AdminRole.Admin,
            $"Puts a config of {whose} back to its default.", call => SetAsync(call, resource, null))
        { Success = 204, Query = [AdminQuery.DryRun] },
    ];

    private async ValueTask<AdminReply> ListAsync(AdminCall call, Func<AdminCall, Resource> of)
    {
        V3Scope scope = services.Scope(call);
        Resource resource = of(call);
        IReadOnlyList<DescribedConfig> configs = await services.Configs.DescribeAsync(resource.Type, resource.Name);
        return scope.List(
            $"{resource.Kind}List", configs, config => config.Name, config => View(scope, resource, config),
            AdminJson.Default.V3ListConfigData);
    }

    private async ValueTask<AdminReply> GetAsync(AdminCall call, Func<AdminCall, Resource> of)
    {
        V3Scope scope = services.Scope(call);
        Resource resource = of(call);
        return AdminReply.Ok(
            View(scope, resource, await FindAsync(resource, call.Route("name"))), AdminJson.Default.ConfigData);
    }

    private async ValueTask<AdminReply> SetAsync(AdminCall call, Func<AdminCall, Resource> of, string? value)
    {
        services.Scope(call);
        Resource resource = of(call);
        if (resource.Type == ConfigResourceType.Topic)
        {
            await FindAsync(resource, call.Route("name"));
        }

        await services.Configs.AlterAsync(
            resource.Type, resource.Name, [new ConfigChange(call.Route("name"), value)], call.IsDryRun);
        return AdminReply.NoContent;
    }

    private async ValueTask<AdminReply> AlterAsync(AdminCall call, Func<AdminCall, Resource> of)
    {
        services.Scope(call);
        Resource resource = of(call);
        AlterConfigsBody body = await call.ReadAsync(AdminJson.Default.AlterConfigsBody);
        IEnumerable<ConfigChange> changes = body.Data.Select(change => change.Operation switch
        {
            null or "SET" when change.Value is not null => new ConfigChange(change.Name, change.Value),
            "DELETE" => new ConfigChange(change.Name, null),
            null or "SET" => throw AdminProblem.BadRequest($"{change.Name}: SET needs a value"),
            var other => throw AdminProblem.BadRequest($"{change.Name}: the operation is SET or DELETE, not {other}"),
        });
        await services.Configs.AlterAsync(
            resource.Type, resource.Name, [.. changes], call.IsDryRun || body.ValidateOnly == true);
        return AdminReply.NoContent;
    }

    private async ValueTask<AdminReply> OfAllTopics(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        List<string> names = [.. services.Image.Topics.InNameOrder.Select(topic => topic.Name)];
        var described = await services.Configs.DescribeAsync(ConfigResourceType.Topic, names);
        return ListAll(scope, "KafkaTopicConfigList", described.SelectMany(topic =>
            topic.Configs.Select(config => (TopicResource(topic.Name), config))));
    }

    private async ValueTask<AdminReply> OfEachBroker(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        var described = await services.Kafka.AskEachAsync(async broker =>
        {
            Resource resource = BrokerResource(broker);
            return (Resource: resource, Configs: await services.Configs.DescribeAsync(resource.Type, resource.Name));
        });
        return ListAll(scope, "KafkaBrokerConfigList", described.SelectMany(broker =>
            broker.Configs.Select(config => (broker.Resource, config))));
    }

    private static AdminReply ListAll(
        V3Scope scope, string kind, IEnumerable<(Resource Resource, DescribedConfig Config)> all) => scope.List(
            kind, all, entry => $"{entry.Resource.Path}/{entry.Config.Name}",
            entry => View(scope, entry.Resource, entry.Config), AdminJson.Default.V3ListConfigData);

    private async Task<DescribedConfig> FindAsync(Resource resource, string name) =>
        await services.Configs.DescribeAsync(resource.Type, resource.Name, [name]) is [var config, ..]
            ? config
            : throw AdminProblem.NotFound($"There is no config {name} here");

    private Resource Topic(AdminCall call) => TopicResource(services.Scope(call).Topic(services.Image).Name);

    private Resource Broker(AdminCall call) => BrokerResource(ClusterRoutes.Broker(call, services.Image).Id);

    private static Resource AllBrokers(AdminCall call) =>
        new(ConfigResourceType.Broker, "", "KafkaClusterConfig", "broker-configs", []);

    private static Resource TopicResource(string name) => new(
        ConfigResourceType.Topic, name, "KafkaTopicConfig", $"topics/{V3Scope.Escape(name)}/configs", ["topic", name]);

    private static Resource BrokerResource(int id) => new(
        ConfigResourceType.Broker, $"{id}", "KafkaBrokerConfig", $"brokers/{id}/configs", ["broker", $"{id}"]);

    private static ConfigData View(V3Scope scope, Resource resource, DescribedConfig config) => new(
        resource.Kind,
        scope.Metadata(
            $"{resource.Path}/{V3Scope.Escape(config.Name)}", [.. resource.Names, "config", config.Name]),
        scope.ClusterId, config.Name, config.Value, config.IsDefault, config.IsReadOnly, config.IsSensitive,
        SourceName(config.Source),
        [.. config.Synonyms.Select(synonym =>
            new ConfigSynonymData(synonym.Name, synonym.Value, SourceName(synonym.Source)))])
    {
        TopicName = resource.Type == ConfigResourceType.Topic ? resource.Name : null,
        BrokerId = resource.Type == ConfigResourceType.Broker && int.TryParse(resource.Name, out int id) ? id : null,
        ConfigType = resource.Name.Length == 0 ? "BROKER" : null,
    };

    private static string SourceName(ConfigSource source) => source switch
    {
        ConfigSource.DynamicTopic => "DYNAMIC_TOPIC_CONFIG",
        ConfigSource.DynamicBroker => "DYNAMIC_BROKER_CONFIG",
        ConfigSource.DynamicDefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
        ConfigSource.StaticBroker => "STATIC_BROKER_CONFIG",
        ConfigSource.Default => "DEFAULT_CONFIG",
        ConfigSource.DynamicBrokerLogger => "DYNAMIC_BROKER_LOGGER_CONFIG",
        ConfigSource.ClientMetrics => "DYNAMIC_CLIENT_METRICS_CONFIG",
        ConfigSource.Group => "DYNAMIC_GROUP_CONFIG",
        _ => "UNKNOWN",
    };

    /// <summary>Whose configs a route is about.</summary>
    private sealed record Resource(
        ConfigResourceType Type, string Name, string Kind, string Path, IReadOnlyList<string> Names);
}
