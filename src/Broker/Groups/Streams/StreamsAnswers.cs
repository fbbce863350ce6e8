using System.Collections.Immutable;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What a member is told in answer to its heartbeat.</summary>
/// <param name="isKnown">Whether the group was there before; of a new one nothing is remembered but its records.
/// </param>
internal sealed class StreamsAnswers(StreamsGroup group, bool isKnown, StreamsSettings settings, TopicsImage topics)
{
    private const short WithTags = 1;

    public StreamsGroupHeartbeatResponse Of(Beat beat, StreamsMember next, short version)
    {
        StreamsGroupHeartbeatResponse response = new()
        {
            MemberId = next.Id,
            MemberEpoch = next.Epoch,
            HeartbeatIntervalMs = settings.HeartbeatIntervalMs,
            TaskOffsetIntervalMs = settings.TaskOffsetIntervalMs,
            AcceptableRecoveryLag = settings.AcceptableRecoveryLag,
            Status = beat.Statuses,
        };
        bool hasOtherTasks = !beat.Before.Assigned.Equals(next.Assigned);
        if (beat.TellsTasks)
        {
            response.ActiveTasks = Write([.. next.Assigned.Active.Keys]);
            response.StandbyTasks = Write(next.Assigned.Standby);
            response.WarmupTasks = Write(next.Assigned.Warmup);
        }

        AddEndpoints(response, beat, next, hasOtherTasks);
        if (beat.Topology!.Problem is { } problem)
        {
            beat.Tell(problem.Status, problem.Detail);
        }

        if (group.Soft.ShutdownRequestedBy is { } requester)
        {
            beat.Tell(
                StreamsStatus.ShutdownApplication,
                $"Streams group member {requester} encountered a fatal error and requested a shutdown for the entire "
                + "application.");
        }

        string[] missing = [.. settings.RequiredTags.Where(tag => !next.Tags.ContainsKey(tag))];
        if (version >= WithTags && missing.Length > 0)
        {
            beat.Tell(
                StreamsStatus.MissingClientTags,
                $"Missing required client tags for rack-aware standby assignment: [{string.Join(", ", missing)}]. "
                + "Configure them via 'client.tag.<tagKey>' in your Streams config.");
        }

        return response;
    }

    private void AddEndpoints(
        StreamsGroupHeartbeatResponse response, Beat beat, StreamsMember next, bool hasOtherTasks)
    {
        if (beat.Before.Endpoint != next.Endpoint || (hasOtherTasks && next.Endpoint is not null))
        {
            group.Soft.EndpointEpoch++;
        }

        if (group.Soft.EndpointEpoch != beat.Request.EndpointInformationEpoch)
        {
            response.PartitionsByUserEndpoint =
            [
                .. group.Members.Values.Where(member => member.Id != next.Id && member.Id != beat.Replaced?.Id)
                    .Append(next).Where(member => member.Endpoint is not null).Select(Describe),
            ];
        }

        if (isKnown)
        {
            response.EndpointInformationEpoch = group.Soft.EndpointEpoch;
        }
    }

    private StreamsGroupHeartbeatResponse.EndpointToPartitions Describe(StreamsMember member) => new()
    {
        UserEndpoint = new StreamsGroupHeartbeatResponse.Endpoint
        {
            Host = member.Endpoint!.Host,
            Port = member.Endpoint.Port,
        },
        ActivePartitions = Partitions(member.Assigned.Active.Keys),
        StandbyPartitions = Partitions(member.Assigned.Standby.Union(member.Assigned.Warmup)),
    };

    /// <summary>The partitions that tasks read.</summary>
    private List<StreamsGroupHeartbeatResponse.TopicPartition> Partitions(IEnumerable<TaskId> tasks) =>
    [
        .. from ofSubtopology in tasks.GroupBy(task => task.Subtopology)
           from source in @group.Soft.Topology?.Find(ofSubtopology.Key)?.AllSources ?? []
           let count = topics.TryGet(source, out TopicImage? topic) ? topic.Partitions.Count : 0
           let partitions = ofSubtopology.Select(task => task.Partition).Where(partition => partition < count).ToList()
           where partitions.Count > 0
           select new StreamsGroupHeartbeatResponse.TopicPartition { Topic = source, Partitions = partitions },
    ];

    private static List<StreamsGroupHeartbeatResponse.TaskIds> Write(ImmutableSortedSet<TaskId> tasks) =>
        [.. tasks.GroupBy(task => task.Subtopology).Select(ofSubtopology => new StreamsGroupHeartbeatResponse.TaskIds
        {
            SubtopologyId = ofSubtopology.Key,
            Partitions = [.. ofSubtopology.Select(task => task.Partition)],
        })];
}
