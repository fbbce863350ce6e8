using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>Reads what the coordinators of each type of group tell.</summary>
internal static class GroupDescriptions
{
    private const string ConsumerProtocol = "consumer";
    private const string Dead = "Dead";

    public static IEnumerable<(string Group, Outcome<GroupDescription> Outcome)> Read(
        DescribeGroupsResponse answer) => answer.Groups.Select(group => (
            group.GroupId,
            // Before version 6 a group that nobody knows is a dead one.
            group is { ErrorCode: ErrorCode.None, GroupState: Dead }
                ? Outcome.Failed<GroupDescription>(ErrorCode.GroupIdNotFound, $"group '{group.GroupId}' does not exist")
                : Outcome.Of(
                    group.ErrorCode, group.ErrorMessage, new GroupDescription(group.GroupId, GroupType.Classic)
                    {
                        State = group.GroupState,
                        Assignor = group.ProtocolData,
                        Members = [.. group.Members.Select(
                            member => ClassicMember(member, group.ProtocolType == ConsumerProtocol))],
                    })));

    public static IEnumerable<(string Group, Outcome<GroupDescription> Outcome)> Read(
        ConsumerGroupDescribeResponse answer) => answer.Groups.Select(group => (
            group.GroupId,
            Outcome.Of(group.ErrorCode, group.ErrorMessage, new GroupDescription(group.GroupId, GroupType.Consumer)
            {
                State = group.GroupState,
                Assignor = group.AssignorName,
                Epoch = group.GroupEpoch,
                AssignmentEpoch = group.AssignmentEpoch,
                Members = [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.ClientId, member.ClientHost)
                {
                    InstanceId = member.InstanceId,
                    RackId = member.RackId,
                    Epoch = member.MemberEpoch,
                    Subscription = [.. member.SubscribedTopicNames.Concat(
                        string.IsNullOrEmpty(member.SubscribedTopicRegex) ? [] : [member.SubscribedTopicRegex])],
                    Assignment = Partitions(member.Assignment),
                    Target = Partitions(member.TargetAssignment),
                })],
            })));

    public static IEnumerable<(string Group, Outcome<GroupDescription> Outcome)> Read(
        ShareGroupDescribeResponse answer) => answer.Groups.Select(group => (
            group.GroupId,
            Outcome.Of(group.ErrorCode, group.ErrorMessage, new GroupDescription(group.GroupId, GroupType.Share)
            {
                State = group.GroupState,
                Assignor = group.AssignorName,
                Epoch = group.GroupEpoch,
                AssignmentEpoch = group.AssignmentEpoch,
                Members = [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.ClientId, member.ClientHost)
                {
                    RackId = member.RackId,
                    Epoch = member.MemberEpoch,
                    Subscription = member.SubscribedTopicNames,
                    Assignment = [.. from topic in member.Assignment.TopicPartitions
                                     from partition in topic.Partitions
                                     select new TopicPartition(topic.TopicName, partition)],
                })],
            })));

    public static IEnumerable<(string Group, Outcome<GroupDescription> Outcome)> Read(
        StreamsGroupDescribeResponse answer) => answer.Groups.Select(group => (
            group.GroupId,
            Outcome.Of(group.ErrorCode, group.ErrorMessage, new GroupDescription(group.GroupId, GroupType.Streams)
            {
                State = group.GroupState,
                Assignor = group.AssignorName ?? "",
                Epoch = group.GroupEpoch,
                AssignmentEpoch = group.AssignmentEpoch,
                Members = [.. group.Members.Select(member => new GroupMember(
                    member.MemberId, member.ClientId, member.ClientHost)
                {
                    InstanceId = member.InstanceId,
                    RackId = member.RackId,
                    Epoch = member.MemberEpoch,
                    Subscription = [.. (group.Topology?.Subtopologies ?? []).SelectMany(
                        subtopology => subtopology.SourceTopics)],
                    Assignment = Tasks(member.Assignment),
                    Target = Tasks(member.TargetAssignment),
                })],
            })));

    private static GroupMember ClassicMember(DescribeGroupsResponse.DescribedGroupMember member, bool isConsumer)
    {
        GroupMember plain = new(member.MemberId, member.ClientId, member.ClientHost)
        {
            InstanceId = member.GroupInstanceId,
        };
        return isConsumer
            ? plain with
            {
                Assignment = ClassicProtocol.Assignment(member.MemberAssignment),
                Subscription = ClassicProtocol.Subscription(member.MemberMetadata),
            }
            : plain;
    }

    private static List<TopicPartition> Partitions(ConsumerGroupDescribeResponse.Assignment assignment) =>
        [.. from topic in assignment.TopicPartitions
            from partition in topic.Partitions
            select new TopicPartition(topic.TopicName, partition)];

    private static List<TopicPartition> Tasks(StreamsGroupDescribeResponse.Assignment assignment) =>
        [.. from task in assignment.ActiveTasks
            from partition in task.Partitions
            select new TopicPartition(task.SubtopologyId, partition)];
}
