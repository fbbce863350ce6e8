using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>DeleteTopics and CreatePartitions.</summary>
internal sealed class TopicControl(ControllerState state, ReplicaAssignments assignments)
{
    /// <summary>Versions 1 to 5 name topics, version 6 has names or ids.</summary>
    public Decision Delete(DeleteTopicsRequest request, short version, MutationQuota quota)
    {
        if (state.Configs.BrokerValue(state.Image.Configs, "delete.topic.enable") is { } enabled
            && bool.TryParse(enabled, out bool isEnabled) && !isEnabled)
        {
            return Decision.Answer(ControllerResponses.Failure(
                request, new ApiError(version < 3 ? ErrorCode.InvalidRequest : ErrorCode.TopicDeletionDisabled)));
        }

        List<DeleteTopicsRequest.DeleteTopicState> wanted = version >= 6
            ? request.Topics
            : [.. request.TopicNames.Select(name => new DeleteTopicsRequest.DeleteTopicState { Name = name })];
        List<DeletableTopic> topics = [.. wanted.Select(Resolve)];
        RefuseDuplicates(topics);

        DeleteTopicsResponse response = new();
        List<VersionedRecord> records = [];
        HashSet<(string?, Uuid)> answered = [];
        foreach (DeletableTopic topic in topics)
        {
            if (topic.Error.IsFailure && topic.AnswersOnce && !answered.Add((topic.Name, topic.Id)))
            {
                continue;
            }

            if (!topic.Error.IsFailure && !quota.TryTake(PartitionCountOf(topic.Id)))
            {
                topic.Error = MutationQuota.Exceeded;
            }

            response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult
            {
                Name = topic.Name!,
                TopicId = topic.Id,
                ErrorCode = topic.Error.Code,
                ErrorMessage = topic.Error.MessageOrWords,
            });
            if (!topic.Error.IsFailure)
            {
                records.Add(new VersionedRecord(new RemoveTopicRecord { TopicId = topic.Id }, 0));
            }
        }

        return new Decision(records, response, IsAtomic: false);
    }

    public Decision CreatePartitions(CreatePartitionsRequest request, MutationQuota quota)
    {
        CreatePartitionsResponse response = new();
        List<VersionedRecord> records = [];
        HashSet<string> seen = [];
        HashSet<string> duplicates =
            [.. request.Topics.Where(topic => !seen.Add(topic.Name)).Select(topic => topic.Name)];
        HashSet<string> answered = [];
        foreach (CreatePartitionsRequest.CreatePartitionsTopic topic in request.Topics)
        {
            if (!answered.Add(topic.Name))
            {
                continue;
            }

            ApiError error = duplicates.Contains(topic.Name)
                ? new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Grow(topic, quota, records);
            response.Results.Add(new CreatePartitionsResponse.CreatePartitionsTopicResult
            {
                Name = topic.Name,
                ErrorCode = error.Code,
                ErrorMessage = error.Message,
            });
        }

        return request.ValidateOnly ? Decision.Answer(response) : new Decision(records, response);
    }

    private static void RefuseDuplicates(List<DeletableTopic> topics)
    {
        // A name that is given twice is refused as a name: what it stands for is not told.
        foreach (IGrouping<string, DeletableTopic> group in topics
            .Where(topic => topic is { IsByName: true, Name: not null }).GroupBy(topic => topic.Name!))
        {
            foreach (DeletableTopic topic in group.Count() > 1 ? group : Enumerable.Empty<DeletableTopic>())
            {
                topic.Id = Uuid.Zero;
                topic.Error = new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name.");
                topic.AnswersOnce = true;
            }
        }

        foreach (IGrouping<Uuid, DeletableTopic> group in topics.Where(topic => !topic.Id.IsZero)
            .GroupBy(topic => topic.Id))
        {
            List<DeletableTopic> same = [.. group];
            if (same.Count < 2)
            {
                continue;
            }

            bool hasName = same.Exists(topic => topic.IsByName);
            foreach (DeletableTopic topic in same)
            {
                topic.Error = new ApiError(ErrorCode.InvalidRequest, hasName
                    ? "The provided topic name maps to an ID that was already supplied."
                    : "Duplicate topic id.");
                topic.AnswersOnce = true;
            }
        }
    }

    private int PartitionCountOf(Uuid id) =>
        state.Image.Topics.TryGet(id, out TopicImage? topic) ? topic.Partitions.Count : 0;

    private DeletableTopic Resolve(DeleteTopicsRequest.DeleteTopicState wanted)
    {
        DeletableTopic topic = new() { Name = wanted.Name, Id = wanted.TopicId, IsByName = wanted.Name is not null };
        if (wanted.Name is null && wanted.TopicId.IsZero)
        {
            topic.Error = new ApiError(ErrorCode.InvalidRequest, "Neither topic name nor id were specified.");
        }
        else if (wanted.Name is not null && !wanted.TopicId.IsZero)
        {
            topic.Error = new ApiError(ErrorCode.InvalidRequest, "You may not specify both topic name and topic id.");
        }
        else if (wanted.Name is { } name)
        {
            if (state.Image.Topics.TryGet(name, out TopicImage? found))
            {
                topic.Id = found.Id;
            }
            else
            {
                topic.Error = new ApiError(ErrorCode.UnknownTopicOrPartition);
            }
        }
        else if (state.Image.Topics.TryGet(wanted.TopicId, out TopicImage? found))
        {
            topic.Name = found.Name;
        }
        else
        {
            topic.Error = new ApiError(ErrorCode.UnknownTopicId);
        }

        return topic;
    }

    private ApiError Grow(
        CreatePartitionsRequest.CreatePartitionsTopic wanted, MutationQuota quota, List<VersionedRecord> records)
    {
        if (!state.Image.Topics.TryGet(wanted.Name, out TopicImage? topic))
        {
            return new(ErrorCode.UnknownTopicOrPartition);
        }

        int existing = topic.Partitions.Count;
        if (wanted.Count == existing)
        {
            return new(ErrorCode.InvalidPartitions, $"Topic already has {existing} partition(s).");
        }

        if (wanted.Count < existing)
        {
            return new(
                ErrorCode.InvalidPartitions,
                $"The topic {wanted.Name} currently has {existing} partition(s); {wanted.Count} would not be an "
                + "increase.");
        }

        int additional = wanted.Count - existing;
        if (wanted.Assignments is { } given && given.Count != additional)
        {
            return new(
                ErrorCode.InvalidReplicaAssignment,
                $"Attempted to add {additional} additional partition(s), but only {given.Count} assignment(s) were "
                + "specified.");
        }

        if (additional > state.Settings.MaxRecordsPerDecision)
        {
            return new(ErrorCode.PolicyViolation, "Unable to perform excessively large batch operation.");
        }

        if (!quota.TryTake(additional))
        {
            return MutationQuota.Exceeded;
        }

        int factor = topic.Partitions.Values.First().Replicas.Length;
        List<PartitionRegistration> partitions = [];
        ApiError error = wanted.Assignments is { } assigned
            ? assignments.Manual(assigned.Select(one => one.BrokerIds), existing, factor, partitions)
            : assignments.Place(additional, factor, partitions);
        for (int i = 0; !error.IsFailure && i < partitions.Count; i++)
        {
            records.Add(new VersionedRecord(
                partitions[i].ToRecord(topic.Id, existing + i, state.MetadataVersion),
                state.MetadataVersion.PartitionRecordVersion));
        }

        return error;
    }

    private sealed class DeletableTopic
    {
        public string? Name { get; set; }

        public Uuid Id { get; set; }

        public bool IsByName { get; init; }

        public ApiError Error { get; set; }

        /// <summary>Of several equal ones only the first is answered.</summary>
        public bool AnswersOnce { get; set; }
    }
}
