using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What is wrong with a heartbeat of the streams protocol, whatever the group's state or with it; null when
/// nothing is.</summary>
internal static class StreamsHeartbeatChecks
{
    /// <summary>For what no client of Kafka sends and Kafka answers with an unexpected error.</summary>
    public static HeartbeatRefusal Unexpected { get; } = new(ErrorCode.UnknownServerError, null);

    /// <summary>Of the names of topics in a topology.</summary>
    public static HeartbeatRefusal? CheckTopics(StreamsGroupHeartbeatRequest request)
    {
        string[] names = [.. (request.Topology?.Subtopologies ?? []).SelectMany(subtopology => subtopology.SourceTopics
            .Concat(subtopology.RepartitionSinkTopics)
            .Concat(subtopology.RepartitionSourceTopics.Select(topic => topic.Name))
            .Concat(subtopology.StateChangelogTopics.Select(topic => topic.Name)))
            .Distinct(StringComparer.Ordinal)];
        if (names.Where(TopicNames.IsInternal).ToArray() is { Length: > 0 } reserved)
        {
            return new HeartbeatRefusal(
                ErrorCode.StreamsInvalidTopology,
                $"Use of Kafka internal topics {string.Join(",", reserved)} in a Kafka Streams topology is "
                + "prohibited.");
        }

        return names.Where(name => !TopicNames.IsValid(name)).ToArray() is { Length: > 0 } invalid
            ? new HeartbeatRefusal(
                ErrorCode.StreamsInvalidTopology,
                $"Topic names {string.Join(",", invalid)} are not valid topic names.")
            : null;
    }

    public static HeartbeatRefusal? Check(StreamsGroupHeartbeatRequest request)
    {
        if (request.Topology?.Subtopologies.Any(subtopology => subtopology.SourceTopicRegex.Count > 0) == true)
        {
            return Invalid("Regular expressions for source topics are not supported yet.");
        }

        if (string.IsNullOrWhiteSpace(request.MemberId))
        {
            return Invalid("MemberId can't be empty.");
        }

        if (string.IsNullOrWhiteSpace(request.GroupId))
        {
            return Invalid("GroupId can't be empty.");
        }

        if (request.InstanceId is not null && string.IsNullOrWhiteSpace(request.InstanceId))
        {
            return Invalid("InstanceId can't be empty.");
        }

        if (request.RackId is not null && string.IsNullOrWhiteSpace(request.RackId))
        {
            return Invalid("RackId can't be empty.");
        }

        return request.MemberEpoch switch
        {
            0 => CheckJoin(request),
            StreamsMember.LeftEpoch when request.InstanceId is null => Invalid("InstanceId can't be null."),
            < StreamsMember.LeftEpoch => Invalid(
                $"MemberEpoch is {request.MemberEpoch}, but must be greater than or equal to -2."),
            _ => CheckTasks(request),
        };
    }

    /// <summary>Against the tasks that there are.</summary>
    public static HeartbeatRefusal? CheckOwned(StreamsGroupHeartbeatRequest request, ConfiguredTopology topology)
    {
        foreach (StreamsGroupHeartbeatRequest.TaskIds tasks in (request.ActiveTasks ?? [])
            .Concat(request.StandbyTasks ?? []).Concat(request.WarmupTasks ?? []))
        {
            if (topology.Find(tasks.SubtopologyId) is not { } subtopology)
            {
                return Invalid($"Subtopology {tasks.SubtopologyId} does not exist in the topology.");
            }

            foreach (int partition in tasks.Partitions)
            {
                if (partition < 0 || partition >= subtopology.TaskCount)
                {
                    return Invalid(
                        $"Task {partition} for subtopology {tasks.SubtopologyId} is invalid. "
                        + $"Number of tasks for this subtopology: {subtopology.TaskCount}");
                }
            }
        }

        return null;
    }

    public static HeartbeatRefusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);

    private static HeartbeatRefusal? CheckJoin(StreamsGroupHeartbeatRequest request)
    {
        if (request.RebalanceTimeoutMs == -1)
        {
            return Invalid("RebalanceTimeoutMs must be provided in first request.");
        }

        if (request.ActiveTasks is not { Count: 0 })
        {
            return Invalid("ActiveTasks must be empty when (re-)joining.");
        }

        if (request.StandbyTasks is not { Count: 0 })
        {
            return Invalid("StandbyTasks must be empty when (re-)joining.");
        }

        if (request.WarmupTasks is not { Count: 0 })
        {
            return Invalid("WarmupTasks must be empty when (re-)joining.");
        }

        if (request.Topology is null)
        {
            return Invalid("Topology must be non-null when (re-)joining.");
        }

        return request.Topology.Subtopologies.SelectMany(subtopology => subtopology.StateChangelogTopics)
            .FirstOrDefault(topic => topic.Partitions != 0) is { } counted
                ? new HeartbeatRefusal(
                    ErrorCode.StreamsInvalidTopology,
                    $"Changelog topic {counted.Name} must have an undefined partition count, but it is set to "
                    + $"{counted.Partitions}.")
                : null;
    }

    private static HeartbeatRefusal? CheckTasks(StreamsGroupHeartbeatRequest request)
    {
        int told = (request.ActiveTasks is null ? 0 : 1) + (request.StandbyTasks is null ? 0 : 1)
            + (request.WarmupTasks is null ? 0 : 1);
        if (told is 1 or 2)
        {
            return Invalid("If one task-type is non-null, all must be non-null.");
        }

        return request.Topology is null ? null : Invalid("Topology can only be provided when (re-)joining.");
    }
}
