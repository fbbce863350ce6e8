using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Asks and changes a cluster: topics, configurations, the cluster itself. Thread-safe.</summary>
/// <remarks>A call is repeated while the cluster says that it may succeed later, until <c>default.api.timeout.ms</c>;
/// it
/// then fails with what was last heard. A refusal of one topic or resource fails the call.</remarks>
public sealed class KafkaAdmin : IAsyncDisposable
{
    private const string MetadataTopic = "__cluster_metadata";

    private readonly ClusterClient _cluster;
    private readonly ClientOptions _options;

    private KafkaAdmin(ClientOptions options, ClientRuntime runtime)
    {
        _options = options;
        _cluster = new ClusterClient(options, runtime);
    }

    public static KafkaAdmin Create(ClientOptions options) => Create(options, SocketRuntime.Create(options));

    public static KafkaAdmin Create(ClientOptions options, ClientRuntime runtime)
    {
        options.Validate();
        return new KafkaAdmin(options, runtime);
    }

    /// <summary>Creates a topic; returns when the controller has committed it.</summary>
    /// <exception cref="KafkaException">It exists, its name or numbers are not allowed, or nobody answered.</exception>
    public async Task<CreatedTopic> CreateTopicAsync(
        NewTopic topic, bool validateOnly = false, CancellationToken cancellation = default)
    {
        CreateTopicsRequest.CreatableTopic entry = new()
        {
            Name = topic.Name,
            NumPartitions = topic.Assignments is null ? topic.Partitions : -1,
            ReplicationFactor = topic.Assignments is null ? topic.ReplicationFactor : (short)-1,
        };
        for (int i = 0; i < topic.Assignments?.Count; i++)
        {
            CreateTopicsRequest.CreatableReplicaAssignment assignment = new() { PartitionIndex = i };
            assignment.BrokerIds.AddRange(topic.Assignments[i]);
            entry.Assignments.Add(assignment);
        }

        foreach ((string name, string value) in topic.Configs)
        {
            entry.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = name, Value = value });
        }

        CreateTopicsRequest request = new() { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly };
        request.Topics.Add(entry);
        CreateTopicsResponse answer = await CallAsync<CreateTopicsResponse>(
            request, response => Sole(response.Topics, topic.Name, t => (t.ErrorCode, t.ErrorMessage)), cancellation);
        CreateTopicsResponse.CreatableTopicResult result = answer.Topics[0];
        return new CreatedTopic(result.Name, result.TopicId, result.NumPartitions, result.ReplicationFactor);
    }

    public Task DeleteTopicAsync(string name, CancellationToken cancellation = default)
    {
        DeleteTopicsRequest request = new() { TimeoutMs = TimeoutMs };
        request.Topics.Add(new DeleteTopicsRequest.DeleteTopicState { Name = name });
        return CallAsync<DeleteTopicsResponse>(
            request,
            response => Sole(response.Responses, name, t => (t.ErrorCode, t.ErrorMessage ?? $"topic '{name}'")),
            cancellation);
    }

    /// <summary>Grows a topic to so many partitions.</summary>
    public Task CreatePartitionsAsync(string name, int count, CancellationToken cancellation = default)
    {
        CreatePartitionsRequest request = new() { TimeoutMs = TimeoutMs };
        request.Topics.Add(new CreatePartitionsRequest.CreatePartitionsTopic
        {
            Name = name,
            Count = count,
            Assignments = null,
        });
        return CallAsync<CreatePartitionsResponse>(
            request, response => Sole(response.Results, name, t => (t.ErrorCode, t.ErrorMessage)), cancellation);
    }

    /// <summary>All topics by name; internal ones among them only when asked for.</summary>
    public async Task<IReadOnlyList<TopicView>> ListTopicsAsync(
        bool includeInternal = false, CancellationToken cancellation = default)
    {
        MetadataResponse answer = await CallAsync<MetadataResponse>(
            new MetadataRequest { Topics = null, AllowAutoTopicCreation = false },
            response => (response.ErrorCode, null), cancellation);
        ClusterView view = ClusterViewBuilder.Merge(ClusterView.Empty, answer, isFull: true);
        return [.. view.Topics.Values.Where(topic => includeInternal || !topic.IsInternal).OrderBy(
            topic => topic.Name, StringComparer.Ordinal)];
    }

    /// <exception cref="KafkaException">The topic does not exist.</exception>
    public async Task<TopicView> DescribeTopicAsync(string name, CancellationToken cancellation = default)
    {
        MetadataRequest request = new() { Topics = [], AllowAutoTopicCreation = false };
        request.Topics.Add(new MetadataRequest.MetadataRequestTopic { Name = name });
        MetadataResponse answer = await CallAsync<MetadataResponse>(
            request, response => (response.ErrorCode, null), cancellation);
        ClusterView view = ClusterViewBuilder.Merge(ClusterView.Empty, answer, isFull: true);
        return view.Topics.TryGetValue(name, out TopicView? topic) && topic.Error == ErrorCode.None
            ? topic
            : throw new KafkaException(topic?.Error ?? ErrorCode.UnknownTopicOrPartition);
    }

    public async Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellation = default)
    {
        DescribeClusterResponse answer = await CallAsync<DescribeClusterResponse>(
            new DescribeClusterRequest(), response => (response.ErrorCode, response.ErrorMessage), cancellation);
        return new ClusterDescription(
            answer.ClusterId, answer.ControllerId,
            [.. answer.Brokers.OrderBy(broker => broker.BrokerId).Select(
                broker => new BrokerNode(broker.BrokerId, broker.Host, broker.Port, broker.Rack))]);
    }

    /// <summary>What a broker speaks.</summary>
    public async Task<IReadOnlyList<ApiRange>> DescribeApisAsync(CancellationToken cancellation = default)
    {
        ApiVersionsResponse answer = await CallAsync<ApiVersionsResponse>(
            new ApiVersionsRequest { ClientSoftwareName = "kraftsharp", ClientSoftwareVersion = "0" },
            response => (response.ErrorCode, null), cancellation);
        return [.. answer.ApiKeys.OrderBy(api => api.ApiKey).Select(
            api => new ApiRange((ApiKey)api.ApiKey, api.MinVersion, api.MaxVersion))];
    }

    /// <summary>Every configuration key of a resource, set or not.</summary>
    public async Task<IReadOnlyList<ConfigEntry>> DescribeConfigsAsync(
        ConfigResource resource, CancellationToken cancellation = default)
    {
        DescribeConfigsRequest request = new();
        request.Resources.Add(new DescribeConfigsRequest.DescribeConfigsResource
        {
            ResourceType = (sbyte)resource.Type,
            ResourceName = resource.Name,
            ConfigurationKeys = null,
        });
        DescribeConfigsResponse answer = await CallAsync<DescribeConfigsResponse>(
            request, response => Sole(response.Results, resource.Name, r => (r.ErrorCode, r.ErrorMessage)),
            cancellation, BrokerOf(resource));
        return [.. answer.Results[0].Configs.OrderBy(config => config.Name, StringComparer.Ordinal).Select(
            config => new ConfigEntry(
                config.Name, config.Value, config.ConfigSource, config.ReadOnly, config.IsSensitive))];
    }

    public Task AlterConfigsAsync(
        ConfigResource resource, IEnumerable<ConfigChange> changes, bool validateOnly = false,
        CancellationToken cancellation = default)
    {
        IncrementalAlterConfigsRequest.AlterConfigsResource entry = new()
        {
            ResourceType = (sbyte)resource.Type,
            ResourceName = resource.Name,
        };
        foreach (ConfigChange change in changes)
        {
            entry.Configs.Add(new IncrementalAlterConfigsRequest.AlterableConfig
            {
                Name = change.Name,
                ConfigOperation = (sbyte)change.Operation,
                Value = change.Value,
            });
        }

        IncrementalAlterConfigsRequest request = new() { ValidateOnly = validateOnly };
        request.Resources.Add(entry);
        return CallAsync<IncrementalAlterConfigsResponse>(
            request, response => Sole(response.Responses, resource.Name, r => (r.ErrorCode, r.ErrorMessage)),
            cancellation, BrokerOf(resource));
    }

    /// <summary>The metadata quorum: its leader and how far every replica is.</summary>
    public async Task<QuorumDescription> DescribeQuorumAsync(CancellationToken cancellation = default)
    {
        DescribeQuorumRequest request = new();
        DescribeQuorumRequest.TopicData topic = new() { TopicName = MetadataTopic };
        topic.Partitions.Add(new DescribeQuorumRequest.PartitionData { PartitionIndex = 0 });
        request.Topics.Add(topic);
        DescribeQuorumResponse answer = await CallAsync<DescribeQuorumResponse>(
            request,
            response => response.ErrorCode != ErrorCode.None
                ? (response.ErrorCode, response.ErrorMessage)
                : response.Topics is [{ Partitions: [{ } part] }]
                    ? (part.ErrorCode, part.ErrorMessage)
                    : (ErrorCode.UnknownServerError, "the answer does not name the metadata partition"),
            cancellation);
        DescribeQuorumResponse.PartitionData found = answer.Topics[0].Partitions[0];
        return new QuorumDescription(
            found.LeaderId, found.LeaderEpoch, found.HighWatermark,
            [.. found.CurrentVoters.Select(Replica)], [.. found.Observers.Select(Replica)]);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static QuorumReplica Replica(DescribeQuorumResponse.ReplicaState state) => new(
        state.ReplicaId, state.ReplicaDirectoryId, state.LogEndOffset, state.LastFetchTimestamp,
        state.LastCaughtUpTimestamp);

    private int TimeoutMs => (int)Math.Min(_options.ApiTimeout.TotalMilliseconds, 30_000);

    private static int? BrokerOf(ConfigResource resource) =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger
        && int.TryParse(resource.Name, out int id)
            ? id
            : null;

    private static (ErrorCode, string?) Sole<T>(
        List<T> results, string name, Func<T, (ErrorCode, string?)> errorOf) => results is [var sole]
        ? errorOf(sole)
        : (ErrorCode.UnknownServerError, $"the answer does not name '{name}'");

    /// <summary>Sends until the answer is final; a broker's configuration is asked of that broker.</summary>
    private async Task<T> CallAsync<T>(
        IApiMessage request, Func<T, (ErrorCode Error, string? Message)> errorOf, CancellationToken cancellation,
        int? brokerId = null)
        where T : class, IApiMessage
    {
        long deadlineMs = _cluster.Runtime.NowMs + (long)_options.ApiTimeout.TotalMilliseconds;
        for (int attempt = 1; ; attempt++)
        {
            KafkaException error;
            using (BrokerResponse response = await SendAsync(request, brokerId))
            {
                if (response.Message is T answer)
                {
                    (ErrorCode code, string? message) = errorOf(answer);
                    if (code == ErrorCode.None)
                    {
                        return answer;
                    }

                    error = new KafkaException(code, message);
                }
                else
                {
                    error = new KafkaException(response.TransportError, response.Reason);
                }
            }

            TimeSpan pause = _cluster.Chance.Backoff(_options.RetryBackoff, _options.RetryBackoffMax, attempt);
            if (!MayRepeat(error) || _cluster.Runtime.NowMs + pause.TotalMilliseconds > deadlineMs)
            {
                throw error;
            }

            await Task.Delay(pause, _cluster.Runtime.Time, cancellation);
        }
    }

    // A topic that is unknown here may be only too new for this broker, but a tool wants to hear of it at once.
    private static bool MayRepeat(KafkaException error) => error.IsRetriable && error.Code is not (
        ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId);

    private async Task<BrokerResponse> SendAsync(IApiMessage request, int? brokerId)
    {
        if (brokerId is { } id)
        {
            await _cluster.RefreshAsync();
            return _cluster.ChannelTo(id) is { } channel
                ? await channel.SendAsync(request, VersionRange.All, _options.RequestTimeout)
                : throw new KafkaException(ErrorCode.InvalidRequest, $"there is no broker {id}");
        }

        return await _cluster.SendToAnyAsync(request, VersionRange.All, _options.RequestTimeout);
    }
}
