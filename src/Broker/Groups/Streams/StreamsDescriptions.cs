using System.Collections.Immutable;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Streams groups as StreamsGroupDescribe tells of them.</summary>
internal static class StreamsDescriptions
{
    public static StreamsGroupDescribeResponse.DescribedGroup Of(StreamsGroup group) => new()
    {
        GroupId = group.Id,
        GroupState = group.StateName,
        GroupEpoch = group.Epoch,
        AssignmentEpoch = group.TargetEpoch,
        AssignorName = StickyTaskAssignor.Name,
        Topology = group.Soft.Topology is { IsReady: true, Subtopologies: { } subtopologies } configured
            ? new StreamsGroupDescribeResponse.Topology
            {
                Epoch = configured.Epoch,
                Subtopologies = [.. subtopologies.Select(Describe)],
            }
            : Describe(group.Topology),
        Members = [.. group.Members.Values.Select(member => Describe(
            member, group.Targets.GetValueOrDefault(member.Id) ?? TaskAssignment.Empty,
            group.Soft.OffsetsOf(member.Id)))],
    };

    private static StreamsGroupDescribeResponse.Member Describe(
        StreamsMember member, TaskAssignment target, StreamsTaskOffsets offsets) => new()
        {
            MemberId = member.Id,
            MemberEpoch = member.Epoch,
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            TopologyEpoch = member.TopologyEpoch,
            ProcessId = member.ProcessId,
            UserEndpoint = member.Endpoint is { } endpoint
                ? new StreamsGroupDescribeResponse.Endpoint { Host = endpoint.Host, Port = endpoint.Port }
                : null,
            ClientTags = [.. member.Tags.Select(Pair)],
            TaskOffsets = Describe(offsets.Positions),
            TaskEndOffsets = Describe(offsets.Ends),
            Assignment = new StreamsGroupDescribeResponse.Assignment
            {
                ActiveTasks = Describe([.. member.Assigned.Active.Keys]),
                StandbyTasks = Describe(member.Assigned.Standby),
                WarmupTasks = Describe(member.Assigned.Warmup),
            },
            TargetAssignment = new StreamsGroupDescribeResponse.Assignment
            {
                ActiveTasks = Describe(target.Active),
                StandbyTasks = Describe(target.Standby),
                WarmupTasks = Describe(target.Warmup),
            },
        };

    private static StreamsGroupDescribeResponse.Topology? Describe(StreamsTopology? topology) => topology is null
        ? null
        : new StreamsGroupDescribeResponse.Topology
        {
            Epoch = topology.Epoch,
            Subtopologies = [.. topology.Subtopologies.Select(
                subtopology => new StreamsGroupDescribeResponse.Subtopology
                {
                    SubtopologyId = subtopology.SubtopologyId,
                    SourceTopics = [.. subtopology.SourceTopics.Order(StringComparer.Ordinal)],
                    RepartitionSinkTopics = [.. subtopology.RepartitionSinkTopics.Order(StringComparer.Ordinal)],
                    StateChangelogTopics = Describe(subtopology.StateChangelogTopics),
                    RepartitionSourceTopics = Describe(subtopology.RepartitionSourceTopics),
                })],
        };

    private static StreamsGroupDescribeResponse.Subtopology Describe(ConfiguredSubtopology subtopology) => new()
    {
        SubtopologyId = subtopology.Id,
        SourceTopics = [.. subtopology.Sources],
        RepartitionSinkTopics = [.. subtopology.Sinks],
        StateChangelogTopics = [.. subtopology.Changelogs.Select(Describe)],
        RepartitionSourceTopics = [.. subtopology.RepartitionSources.Select(Describe)],
    };

    private static StreamsGroupDescribeResponse.TopicInfo Describe(ConfiguredTopic topic) => new()
    {
        Name = topic.Name,
        Partitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        TopicConfigs = [.. topic.Configs.Select(Pair)],
    };

    private static List<StreamsGroupDescribeResponse.TopicInfo> Describe(
        List<StreamsGroupTopologyValue.TopicInfo> topics) =>
        [.. topics.OrderBy(topic => topic.Name, StringComparer.Ordinal).Select(
            topic => new StreamsGroupDescribeResponse.TopicInfo
            {
                Name = topic.Name,
                Partitions = topic.Partitions,
                ReplicationFactor = topic.ReplicationFactor,
                TopicConfigs = [.. topic.TopicConfigs.Select(
                    config => new StreamsGroupDescribeResponse.KeyValue { Key = config.Key, Value = config.Value })],
            })];

    private static List<StreamsGroupDescribeResponse.TaskIds> Describe(ImmutableSortedSet<TaskId> tasks) =>
        [.. tasks.GroupBy(task => task.Subtopology).Select(ofSubtopology => new StreamsGroupDescribeResponse.TaskIds
        {
            SubtopologyId = ofSubtopology.Key,
            Partitions = [.. ofSubtopology.Select(task => task.Partition)],
        })];

    private static List<StreamsGroupDescribeResponse.TaskOffset> Describe(
        ImmutableSortedDictionary<TaskId, long> offsets) =>
        [.. offsets.Select(offset => new StreamsGroupDescribeResponse.TaskOffset
        {
            SubtopologyId = offset.Key.Subtopology,
            Partition = offset.Key.Partition,
            Offset = offset.Value,
        })];

    private static StreamsGroupDescribeResponse.KeyValue Pair(KeyValuePair<string, string> pair) =>
        new() { Key = pair.Key, Value = pair.Value };
}
