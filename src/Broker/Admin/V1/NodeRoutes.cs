using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Single nodes: their disks, log levels, and what they may be told.</summary>
internal sealed class NodeRoutes(AdminServices services)
{
    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/log-dirs", AdminRole.Reader, "The log directories of every broker with their sizes.", DirsAsync)
        { Answer = AdminJson.Default.IReadOnlyListLogDirData },
        new("GET", "/v1/brokers/{broker_id}/loggers", AdminRole.Reader, "The log levels of a broker.", LoggersAsync)
        { Answer = AdminJson.Default.IReadOnlyListLoggerData },
        new("PUT", "/v1/brokers/{broker_id}/loggers/{name}", AdminRole.Admin,
            "Sets a log level while the broker runs; without a level the logger follows the one above it.",
            SetLoggerAsync)
        { Body = AdminJson.Default.LoggerBody, Success = 204, Query = [AdminQuery.DryRun] },
        new("GET", "/v1/config-schema", AdminRole.Reader,
            "Every config of brokers, topics and groups: type, default, meaning.", _ => new(AdminReply.Ok(
                Schema, AdminJson.Default.IReadOnlyListConfigSchemaData)))
        { Answer = AdminJson.Default.IReadOnlyListConfigSchemaData },
    ];

    private static IReadOnlyList<ConfigSchemaData> Schema { get; } =
    [
        .. Of("broker", BrokerConfigs.All), .. Of("broker", OwnConfigs.All), .. Of("topic", TopicConfigs.All),
        .. Of("group", GroupConfigs.All), .. Of("client-metrics", ClientMetricsConfigs.All),
    ];

    private static IEnumerable<ConfigSchemaData> Of(string resource, ConfigTable table) => table.All.Select(key =>
        new ConfigSchemaData(
            resource, key.Name, key.Type.ToString().ToUpperInvariant(), key.Default, key.Validator?.Describe(), key.Doc,
            key.UpdateMode != UpdateMode.ReadOnly || resource != "broker", key.IsSensitive));

    private async ValueTask<AdminReply> DirsAsync(AdminCall call)
    {
        IReadOnlyList<IReadOnlyList<LogDirData>> all = await services.Kafka.AskEachAsync(DirsAsync);
        IReadOnlyList<LogDirData> dirs = [.. all.SelectMany(list => list)];
        return AdminReply.Ok(dirs, AdminJson.Default.IReadOnlyListLogDirData);
    }

    private Task<IReadOnlyList<LogDirData>> DirsAsync(int broker) =>
        services.Kafka.AskAsync<DescribeLogDirsResponse, IReadOnlyList<LogDirData>>(
            broker, new DescribeLogDirsRequest { Topics = null }, response =>
            {
                AdminProblem.ThrowIf(response.ErrorCode);
                return response.Results.ConvertAll(dir => new LogDirData(
                    broker, dir.LogDir, dir.ErrorCode == Protocol.ErrorCode.None,
                    dir.TotalBytes < 0 ? null : dir.TotalBytes, dir.UsableBytes < 0 ? null : dir.UsableBytes,
                    dir.Topics.Sum(topic => topic.Partitions.Count),
                    dir.Topics.Sum(topic => topic.Partitions.Sum(partition => partition.PartitionSize))));
            });

    private async ValueTask<AdminReply> LoggersAsync(AdminCall call)
    {
        int broker = V3.ClusterRoutes.Broker(call, services.Image).Id;
        IReadOnlyList<LoggerData> loggers = [.. (await services.Configs.DescribeAsync(
            ConfigResourceType.BrokerLogger, $"{broker}")).Select(config => new LoggerData(config.Name, config.Value))];
        return AdminReply.Ok(loggers, AdminJson.Default.IReadOnlyListLoggerData);
    }

    private async ValueTask<AdminReply> SetLoggerAsync(AdminCall call)
    {
        int broker = V3.ClusterRoutes.Broker(call, services.Image).Id;
        LoggerBody body = await call.ReadAsync(AdminJson.Default.LoggerBody);
        await services.Configs.AlterAsync(
            ConfigResourceType.BrokerLogger, $"{broker}", [new ConfigChange(call.Route("name"), body.Level)],
            call.IsDryRun);
        return AdminReply.NoContent;
    }
}

/// <param name="TotalBytes">Of the volume; null where it is not known.</param>
internal sealed record LogDirData(
    int Broker, string Path, bool IsOnline, long? TotalBytes, long? UsableBytes, int Replicas, long ReplicaBytes);

internal sealed record LoggerData(string Name, string? Level);

internal sealed record LoggerBody(string? Level);

internal sealed record ConfigSchemaData(
    string Resource, string Name, string Type, string? Default, string? Allowed, string Doc, bool IsDynamic,
    bool IsSensitive);
