using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>CreateTopics.</summary>
internal sealed class TopicCreation(ControllerState state, ConfigControl configs, ReplicaAssignments assignments)
{
    public Decision Create(CreateTopicsRequest request, MutationQuota quota)
    {
        CreateTopicsResponse response = new();
        List<VersionedRecord> records = [];
        HashSet<string> seen = [];
        HashSet<string> duplicates =
            [.. request.Topics.Where(topic => !seen.Add(topic.Name)).Select(topic => topic.Name)];
        HashSet<string> answered = [];
        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            if (!answered.Add(topic.Name))
            {
                continue;
            }

            CreateTopicsResponse.CreatableTopicResult result = new()
            {
                Name = topic.Name,
                NumPartitions = -1,
                ReplicationFactor = -1,
            };
            ApiError error = duplicates.Contains(topic.Name)
                ? new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Create(topic, quota, records, result);
            result.ErrorCode = error.Code;
            result.ErrorMessage = error.MessageOrWords;
            response.Topics.Add(result);
        }

        if (records.Count > state.Settings.MaxRecordsPerDecision)
        {
            return Decision.Answer(ControllerResponses.Failure(
                request,
                new ApiError(ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.")));
        }

        return request.ValidateOnly ? Decision.Answer(response) : new Decision(records, response);
    }

    private ApiError CheckName(string name)
    {
        if (name == TopicNames.ClusterMetadata)
        {
            return new(ErrorCode.InvalidRequest, $"Creation of internal topic {name} is prohibited.");
        }

        if (TopicNames.Check(name) is { } error)
        {
            return new(ErrorCode.InvalidTopic, error);
        }

        if (state.Image.Topics.TryGet(name, out _))
        {
            return new(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        }

        return state.Image.Topics.CollidesWith(name) is not { } other
            ? ApiError.None
            : new(ErrorCode.InvalidTopic, $"Topic '{name}' collides with existing topic: {other}");
    }

    private ApiError Create(
        CreateTopicsRequest.CreatableTopic topic,
        MutationQuota quota,
        List<VersionedRecord> records,
        CreateTopicsResponse.CreatableTopicResult result)
    {
        ApiError error = CheckName(topic.Name);
        if (error.IsFailure)
        {
            return error;
        }

        List<VersionedRecord> configRecords = [];
        error = configs.SetNewTopicConfigs(topic, configRecords);
        if (error.IsFailure)
        {
            return error;
        }

        List<PartitionRegistration> partitions = [];
        error = NewPartitions(topic, partitions);
        if (error.IsFailure)
        {
            return error;
        }

        if (!quota.TryTake(partitions.Count))
        {
            return MutationQuota.Exceeded;
        }

        Uuid id = NewTopicId();
        records.Add(new VersionedRecord(new TopicRecord { Name = topic.Name, TopicId = id }, 0));
        records.AddRange(configRecords);
        for (int i = 0; i < partitions.Count; i++)
        {
            records.Add(new VersionedRecord(
                partitions[i].ToRecord(id, i, state.MetadataVersion), state.MetadataVersion.PartitionRecordVersion));
        }

        result.TopicId = id;
        result.NumPartitions = partitions.Count;
        result.ReplicationFactor = (short)partitions[0].Replicas.Length;
        result.Configs = Describe(topic);
        return ApiError.None;
    }

    private ApiError NewPartitions(
        CreateTopicsRequest.CreatableTopic topic, List<PartitionRegistration> partitions)
    {
        if (topic.Assignments.Count > 0)
        {
            return Manual(topic, partitions);
        }

        if (topic.ReplicationFactor is < -1 or 0)
        {
            return new(
                ErrorCode.InvalidReplicationFactor,
                "Replication factor must be larger than 0, or -1 to use the default value.");
        }

        if (topic.NumPartitions is < -1 or 0)
        {
            return new(
                ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }

        int count = topic.NumPartitions == -1
            ? state.Configs.BrokerInt(state.Image.Configs, "num.partitions")
            : topic.NumPartitions;
        int factor = topic.ReplicationFactor == -1
            ? state.Configs.BrokerInt(state.Image.Configs, "default.replication.factor")
            : topic.ReplicationFactor;
        return count > state.Settings.MaxRecordsPerDecision
            ? new(ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.")
            : assignments.Place(count, factor, partitions);
    }

    private ApiError Manual(CreateTopicsRequest.CreatableTopic topic, List<PartitionRegistration> partitions)
    {
        if (topic.ReplicationFactor != -1)
        {
            return new(
                ErrorCode.InvalidRequest,
                "A manual partition assignment was specified, but replication factor was not set to -1.");
        }

        if (topic.NumPartitions != -1)
        {
            return new(
                ErrorCode.InvalidRequest,
                "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }

        SortedDictionary<int, IReadOnlyList<int>> byPartition = [];
        int? factor = null;
        foreach (CreateTopicsRequest.CreatableReplicaAssignment assignment in topic.Assignments)
        {
            if (!byPartition.TryAdd(assignment.PartitionIndex, assignment.BrokerIds))
            {
                return new(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Found multiple manual partition assignments for partition {assignment.PartitionIndex}");
            }

            ApiError error = assignments.CheckManual(assignment.BrokerIds, factor);
            if (error.IsFailure)
            {
                return error;
            }

            factor = assignment.BrokerIds.Count;
        }

        return byPartition.Keys.SequenceEqual(Enumerable.Range(0, byPartition.Count))
            ? assignments.Manual(byPartition.Values, 0, null, partitions)
            : new(
                ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence");
    }

    // Ids are random, but never one that a living topic has.
    private Uuid NewTopicId()
    {
        Uuid id;
        do
        {
            id = state.Prng.NextUuid();
        }
        while (state.Image.Topics.TryGet(id, out _) || id == Uuid.MetadataTopicId);
        return id;
    }

    private List<CreateTopicsResponse.CreatableTopicConfigs> Describe(
        CreateTopicsRequest.CreatableTopic topic)
    {
        Dictionary<string, string> overrides = [];
        foreach (CreateTopicsRequest.CreatableTopicConfig config in topic.Configs)
        {
            overrides[config.Name] = config.Value ?? "";
        }

        return
        [
            .. state.Configs.Topic(state.Image.Configs, overrides).Select(entry =>
                new CreateTopicsResponse.CreatableTopicConfigs
                {
                    Name = entry.Name,
                    Value = entry.IsSensitive ? null : entry.Value,
                    ReadOnly = entry.IsReadOnly,
                    ConfigSource = (sbyte)entry.Source,
                    IsSensitive = entry.IsSensitive,
                }),
        ];
    }
}
