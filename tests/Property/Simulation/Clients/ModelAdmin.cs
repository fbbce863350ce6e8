using System.Globalization;
using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Clients;

/// <summary>
/// Creates, grows, configures and deletes topics through whichever broker it finds, one request after the other, each
/// until it has a definite answer.
/// </summary>
internal sealed class ModelAdmin(SimClient client, ClusterView view, ClientHistory history, short replicationFactor)
{
    private const int MostTopics = 4;
    private const int MostPartitions = 3;
    private const string ConfigKey = "max.message.bytes";
    private const sbyte TopicResource = 2;
    private int _nextTopic;
    private int _nextVolatile;

    public bool IsStopping { get; set; }

    public bool IsDone { get; private set; }

    public string State { get; private set; } = "idle";

    /// <summary>Called with each new partition of a topic that will not be deleted.</summary>
    public required Action<PartitionId> PartitionCreated { get; init; }

    /// <summary>The nodes among which replicas are moved; null when they are not.</summary>
    public IReadOnlyList<int>? NodeIds { get; init; }

    public async Task RunAsync()
    {
        while (!IsStopping)
        {
            switch (client.Chance.Below(10))
            {
                case < 4 when history.CreatedTopics.Count < MostTopics:
                case < 10 when history.CreatedTopics.Count == 0:
                    await CreateAsync();
                    break;
                case < 10 when NodeIds is not null && client.Chance.Below(2) == 0:
                    await ReassignAsync(NodeIds);
                    break;
                case < 6:
                    await GrowAsync();
                    break;
                case < 8:
                    await ConfigureAsync();
                    break;
                default:
                    await ComeAndGoAsync();
                    break;
            }

            State = "idle";
            await client.WaitAsync(50, 1500);
        }

        IsDone = true;
    }

    private async Task CreateAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"kept{_nextTopic++}");
        int partitions = client.Chance.Between(1, MostPartitions);
        await CreateAsync(name, partitions);
        history.CreatedTopics[name] = partitions;
        for (int i = 0; i < partitions; i++)
        {
            PartitionCreated(new PartitionId(name, i));
        }
    }

    private Task CreateAsync(string name, int partitions) => UntilDoneAsync(
        $"create {name}",
        () => new CreateTopicsRequest
        {
            TimeoutMs = 2000,
            Topics =
            [
                new CreateTopicsRequest.CreatableTopic
                {
                    Name = name,
                    NumPartitions = partitions,
                    ReplicationFactor = replicationFactor,
                    Configs =
                    [
                        new CreateTopicsRequest.CreatableTopicConfig
                        {
                            Name = "min.insync.replicas",
                            Value = "2",
                        },
                    ],
                },
            ],
        },
        answer => answer is CreateTopicsResponse { Topics: [var result] } ? result.ErrorCode : null,
        ErrorCode.TopicAlreadyExists);

    private async Task GrowAsync()
    {
        string? topic = AnyTopic();
        if (topic is null || history.CreatedTopics[topic] >= MostPartitions)
        {
            return;
        }

        int count = history.CreatedTopics[topic] + 1;
        await UntilDoneAsync(
            $"grow {topic} to {count}",
            () => new CreatePartitionsRequest
            {
                TimeoutMs = 2000,
                Topics =
                [
                    new CreatePartitionsRequest.CreatePartitionsTopic
                    {
                        Name = topic,
                        Count = count,
                        Assignments = null,
                    },
                ],
            },
            answer => answer is CreatePartitionsResponse { Results: [var result] } ? result.ErrorCode : null,
            ErrorCode.InvalidPartitions);
        history.CreatedTopics[topic] = count;
        PartitionCreated(new PartitionId(topic, count - 1));
    }

    private async Task ConfigureAsync()
    {
        if (AnyTopic() is not { } topic)
        {
            return;
        }

        string value = client.Chance.Between(500_000, 2_000_000).ToString(CultureInfo.InvariantCulture);
        if (!history.MaxMessageBytes.TryGetValue(topic, out ConfigHistory? known))
        {
            history.MaxMessageBytes.Add(topic, known = new ConfigHistory());
        }

        known.Attempted.Add(value);
        await UntilDoneAsync(
            $"configure {topic}",
            () => new IncrementalAlterConfigsRequest
            {
                Resources =
                [
                    new IncrementalAlterConfigsRequest.AlterConfigsResource
                    {
                        ResourceType = TopicResource,
                        ResourceName = topic,
                        Configs =
                        [
                            new IncrementalAlterConfigsRequest.AlterableConfig { Name = ConfigKey, Value = value },
                        ],
                    },
                ],
            },
            answer => answer is IncrementalAlterConfigsResponse { Responses: [var result] } ? result.ErrorCode : null,
            ErrorCode.None);
        known.Last = value;
    }

    /// <summary>A topic that nobody writes to comes and goes, sometimes under the same name again.</summary>
    private async Task ComeAndGoAsync()
    {
        if (client.Chance.Below(3) > 0)
        {
            _nextVolatile++;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"volatile{_nextVolatile}");
        history.DeletedTopics.Remove(name);
        await CreateAsync(name, client.Chance.Between(1, MostPartitions));
        await client.WaitAsync(0, 600);
        await UntilDoneAsync(
            $"delete {name}",
            () => new DeleteTopicsRequest
            {
                TimeoutMs = 2000,
                Topics = [new DeleteTopicsRequest.DeleteTopicState { Name = name }],
            },
            answer => answer is DeleteTopicsResponse { Responses: [var result] } ? result.ErrorCode : null,
            ErrorCode.UnknownTopicOrPartition);
        history.DeletedTopics.Add(name);
    }

    /// <summary>Other replicas, as many or one fewer or more; or all that is under way is taken back.</summary>
    private async Task ReassignAsync(IReadOnlyList<int> nodes)
    {
        if (AnyTopic() is not { } topic)
        {
            return;
        }

        List<int> target = [.. nodes];
        for (int keep = client.Chance.Between(2, Math.Min(4, nodes.Count)); target.Count > keep;)
        {
            target.RemoveAt(client.Chance.Below(target.Count));
        }

        (int first, int second) = (client.Chance.Below(target.Count), client.Chance.Below(target.Count));
        (target[first], target[second]) = (target[second], target[first]);
        int partition = client.Chance.Below(history.CreatedTopics[topic]);
        bool isCancel = client.Chance.Below(4) == 0;
        await UntilDoneAsync(
            isCancel ? $"cancel {topic}-{partition}" : $"move {topic}-{partition} to {string.Join(',', target)}",
            () => new AlterPartitionReassignmentsRequest
            {
                TimeoutMs = 2000,
                Topics =
                [
                    new()
                    {
                        Name = topic,
                        Partitions = [new() { PartitionIndex = partition, Replicas = isCancel ? null : target }],
                    },
                ],
            },
            answer => answer is AlterPartitionReassignmentsResponse response
                ? response.ErrorCode != ErrorCode.None ? response.ErrorCode
                    : response.Responses is [{ Partitions: [var result] }] ? result.ErrorCode : null
                : null,
            ErrorCode.NoReassignmentInProgress);
    }

    private string? AnyTopic() => history.CreatedTopics.Count == 0
        ? null
        : history.CreatedTopics.Keys.ElementAt(client.Chance.Below(history.CreatedTopics.Count));

    /// <param name="repeated">What a request is told whose earlier sending was carried out unheard: the client's own,
    /// or that of a broker which forwards and sends again.</param>
    private async Task UntilDoneAsync(
        string what, Func<IApiMessage> request, Func<IApiMessage?, ErrorCode?> result, ErrorCode repeated)
    {
        State = what;
        while (true)
        {
            IApiMessage message = request();
            ErrorCode? error = result(await client.AskAsync(view.AnyNode(), message, message.HighestVersion, "admin"));
            State = $"{what}, last answer {error?.ToString() ?? "none"}";
            switch (error)
            {
                case ErrorCode.None:
                    client.World.Say($"client {client.Id}", $"{what}: done");
                    return;
                case { } code when code == repeated:
                    return;
                case null or ErrorCode.RequestTimedOut:
                    break;
                // A node that is not up yet: too few brokers are known or unfenced.
                case ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidReplicaAssignment:
                case { } code when ErrorCodes.IsRetriable(code):
                // A broker whose metadata is behind, or a controller that lost its part in between.
                case ErrorCode.UnknownTopicOrPartition:
                    break;
                default:
                    history.Anomalies.Add($"admin: {what} is answered {error}");
                    return;
            }

            await client.WaitAsync(20, 300);
        }
    }
}
