using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Kafka;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>The throttle of moves of replicas (KIP-73), kept in the same configs as kafka-reassign-partitions keeps it:
/// a rate at each broker, and at each topic which replicas it is for.</summary>
internal sealed class ThrottleRoutes(AdminServices services)
{
    private const string Path = "/v1/reassignments/throttle";
    private const string LeaderRate = "leader.replication.throttled.rate";
    private const string FollowerRate = "follower.replication.throttled.rate";
    private const string LeaderReplicas = "leader.replication.throttled.replicas";
    private const string FollowerReplicas = "follower.replication.throttled.replicas";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Path, AdminRole.Reader, "The throttles of moves of replicas.", Get)
        { Answer = AdminJson.Default.ThrottleData },
        new("PUT", Path, AdminRole.Admin, "Throttles the moves that are under way, at every broker.", SetAsync)
        { Body = AdminJson.Default.ThrottleBody, Answer = AdminJson.Default.ThrottleData, Query = [AdminQuery.DryRun] },
        new("DELETE", Path, AdminRole.Admin, "Takes all throttles of moves away.", ClearAsync)
        { Answer = AdminJson.Default.ThrottleData, Query = [AdminQuery.DryRun] },
    ];

    private ValueTask<AdminReply> Get(AdminCall call)
    {
        MetadataImage image = services.Image;
        return new(Reply(
            image.Cluster.Brokers.Keys.Select(id => new BrokerThrottle(
                id, Rate(image, id, LeaderRate), Rate(image, id, FollowerRate))),
            image.Topics.InNameOrder.Select(topic => new TopicThrottle(
                topic.Name, Value(image, ConfigResource.Topic(topic.Name), LeaderReplicas),
                Value(image, ConfigResource.Topic(topic.Name), FollowerReplicas)))));
    }

    private async ValueTask<AdminReply> SetAsync(AdminCall call)
    {
        ThrottleBody body = await call.ReadAsync(AdminJson.Default.ThrottleBody);
        if (body.BytesPerSecond < 1)
        {
            throw AdminProblem.BadRequest("bytes_per_second must be at least 1");
        }

        MetadataImage image = services.Image;
        List<TopicThrottle> topics = [.. image.Topics.InNameOrder
            .Where(topic => topic.Partitions.Values.Any(partition => partition.IsReassigning))
            .Select(Throttle)];
        string rate = $"{body.BytesPerSecond}";
        await AlterAsync(
            call, image, [new ConfigChange(LeaderRate, rate), new ConfigChange(FollowerRate, rate)], topics);
        return Reply(
            image.Cluster.Brokers.Keys.Where(image.Cluster.IsActive).Select(id =>
                new BrokerThrottle(id, body.BytesPerSecond, body.BytesPerSecond)), topics);
    }

    private async ValueTask<AdminReply> ClearAsync(AdminCall call)
    {
        MetadataImage image = services.Image;
        IEnumerable<TopicThrottle> topics = image.Topics.InNameOrder
            .Where(topic => Value(image, ConfigResource.Topic(topic.Name), LeaderReplicas) is not null
                || Value(image, ConfigResource.Topic(topic.Name), FollowerReplicas) is not null)
            .Select(topic => new TopicThrottle(topic.Name, null, null));
        await AlterAsync(
            call, image, [new ConfigChange(LeaderRate, null), new ConfigChange(FollowerRate, null)], [.. topics]);
        return Reply([], []);
    }

    private async Task AlterAsync(
        AdminCall call, MetadataImage image, ConfigChange[] rates, IReadOnlyList<TopicThrottle> topics)
    {
        // A broker that is down moves nothing, and nobody but itself takes its configs.
        foreach (int broker in image.Cluster.Brokers.Keys.Where(image.Cluster.IsActive))
        {
            await services.Configs.AlterAsync(ConfigResourceType.Broker, $"{broker}", rates, call.IsDryRun);
        }

        foreach (TopicThrottle topic in topics)
        {
            await services.Configs.AlterAsync(
                ConfigResourceType.Topic, topic.Topic,
                [
                    new ConfigChange(LeaderReplicas, topic.LeaderReplicas),
                    new ConfigChange(FollowerReplicas, topic.FollowerReplicas),
                ],
                call.IsDryRun);
        }
    }

    /// <summary>Who has a replica now may send slowly, who gets one fetches slowly.</summary>
    private static TopicThrottle Throttle(TopicImage topic)
    {
        var moves = topic.Partitions.Where(partition => partition.Value.IsReassigning).ToList();
        return new TopicThrottle(
            topic.Name,
            string.Join(',', moves.SelectMany(move => move.Value.Replicas
                .Except(move.Value.AddingReplicas).Select(id => $"{move.Key}:{id}"))),
            string.Join(',', moves.SelectMany(move => move.Value.AddingReplicas.Select(id => $"{move.Key}:{id}"))));
    }

    private static long? Rate(MetadataImage image, int broker, string key) =>
        Value(image, ConfigResource.Broker(broker), key) is { } text
            ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static string? Value(MetadataImage image, ConfigResource resource, string key) =>
        image.Configs.For(resource).GetValueOrDefault(key);

    private static AdminReply Reply(IEnumerable<BrokerThrottle> brokers, IEnumerable<TopicThrottle> topics) =>
        AdminReply.Ok(
            new ThrottleData(
                [.. brokers.Where(broker => broker.LeaderBytesPerSecond is not null
                    || broker.FollowerBytesPerSecond is not null)],
                [.. topics.Where(topic => topic.LeaderReplicas is not null || topic.FollowerReplicas is not null)]),
            AdminJson.Default.ThrottleData);
}

internal sealed record ThrottleBody(long BytesPerSecond);

internal sealed record ThrottleData(IReadOnlyList<BrokerThrottle> Brokers, IReadOnlyList<TopicThrottle> Topics);

internal sealed record BrokerThrottle(int Broker, long? LeaderBytesPerSecond, long? FollowerBytesPerSecond);

/// <param name="LeaderReplicas">partition:broker, ... that send slowly.</param>
internal sealed record TopicThrottle(string Topic, string? LeaderReplicas, string? FollowerReplicas);
