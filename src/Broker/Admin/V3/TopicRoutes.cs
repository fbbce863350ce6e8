using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>Topics: list, create, grow, delete.</summary>
internal sealed class TopicRoutes(AdminServices services)
{
    private const string Topics = V3Scope.Root + "/topics";
    private const string One = Topics + "/{topic_name}";
    private const int BrokersChoice = -1;

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", Topics, AdminRole.Reader, "All topics.", List)
        { Answer = AdminJson.Default.V3ListTopicData, Query = [AdminQuery.PageSize, AdminQuery.PageToken] },
        new("POST", Topics, AdminRole.Admin, "Creates a topic.", Create)
        {
            Body = AdminJson.Default.CreateTopicBody, Answer = AdminJson.Default.TopicData, Success = 201,
            Query = [AdminQuery.DryRun],
        },
        new("GET", One, AdminRole.Reader, "A topic.", Get) { Answer = AdminJson.Default.TopicData },
        new("PATCH", One, AdminRole.Admin, "Gives a topic more partitions.", Update)
        {
            Body = AdminJson.Default.UpdateTopicBody, Answer = AdminJson.Default.TopicData,
            Query = [AdminQuery.DryRun],
        },
        new("DELETE", One, AdminRole.Admin, "Deletes a topic.", Delete)
        { Success = 204, Query = [AdminQuery.DryRun] },
    ];

    private ValueTask<AdminReply> List(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return new(scope.List(
            "KafkaTopicList", services.Image.Topics.InNameOrder, topic => topic.Name, topic => View(scope, topic),
            AdminJson.Default.V3ListTopicData));
    }

    private ValueTask<AdminReply> Get(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        return new(AdminReply.Ok(View(scope, scope.Topic(services.Image)), AdminJson.Default.TopicData));
    }

    private async ValueTask<AdminReply> Create(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        CreateTopicBody body = await call.ReadAsync(AdminJson.Default.CreateTopicBody);
        CreateTopicsRequest.CreatableTopic topic = new()
        {
            Name = body.TopicName,
            NumPartitions = body.PartitionsCount ?? BrokersChoice,
            ReplicationFactor = body.ReplicationFactor ?? BrokersChoice,
        };
        foreach (ReplicasAssignmentBody assignment in body.ReplicasAssignments ?? [])
        {
            topic.NumPartitions = topic.ReplicationFactor = BrokersChoice;
            topic.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment
            {
                PartitionIndex = assignment.PartitionId,
                BrokerIds = [.. assignment.BrokerIds],
            });
        }

        foreach (NameValueBody config in body.Configs ?? [])
        {
            topic.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig
            {
                Name = config.Name,
                Value = config.Value,
            });
        }

        bool isDryRun = call.IsDryRun || body.ValidateOnly == true;
        await services.Topics.CreateAsync(topic, isDryRun);
        string path = $"topics/{V3Scope.Escape(body.TopicName)}";
        if (isDryRun)
        {
            int partitions = body.ReplicasAssignments?.Count ?? body.PartitionsCount ?? 0;
            int factor = body.ReplicasAssignments is [var first, ..]
                ? first.BrokerIds.Count
                : body.ReplicationFactor ?? 0;
            return AdminReply.Ok(View(scope, body.TopicName, "", partitions, factor), AdminJson.Default.TopicData);
        }

        TopicImage created = await services.WaitForAsync(image =>
            image.Topics.TryGet(body.TopicName, out TopicImage? found) ? found : null);
        return AdminReply.Created(
            View(scope, created), AdminJson.Default.TopicData, scope.Related(path).Url);
    }

    private async ValueTask<AdminReply> Update(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        UpdateTopicBody body = await call.ReadAsync(AdminJson.Default.UpdateTopicBody);
        string name = scope.Topic(services.Image).Name;
        await services.Topics.GrowAsync(name, body.PartitionsCount, call.IsDryRun);
        TopicImage topic = call.IsDryRun
            ? scope.Topic(services.Image)
            : await services.WaitForAsync(image =>
                image.Topics.TryGet(name, out TopicImage? found) && found.Partitions.Count >= body.PartitionsCount
                    ? found
                    : null);
        return AdminReply.Ok(View(scope, topic), AdminJson.Default.TopicData);
    }

    private async ValueTask<AdminReply> Delete(AdminCall call)
    {
        V3Scope scope = services.Scope(call);
        TopicImage topic = scope.Topic(services.Image);
        if (!call.IsDryRun)
        {
            await services.Topics.DeleteAsync(topic.Name);
            await services.WaitForAsync(image => image.Topics.TryGet(topic.Id, out _) ? null : topic);
        }

        return AdminReply.NoContent;
    }

    private static TopicData View(V3Scope scope, TopicImage topic) => View(
        scope, topic.Name, topic.Id.ToString(), topic.Partitions.Count,
        topic.Partitions.Values.FirstOrDefault()?.Replicas.Length ?? 0);

    private static TopicData View(V3Scope scope, string name, string id, int partitions, int factor)
    {
        string path = $"topics/{V3Scope.Escape(name)}";
        return new TopicData(
            scope.Metadata(path, "topic", name), scope.ClusterId, name, id, TopicNames.IsInternal(name), factor,
            partitions, scope.Related($"{path}/partitions"), scope.Related($"{path}/configs"),
            scope.Related($"{path}/partitions/-/reassignment"), []);
    }
}
