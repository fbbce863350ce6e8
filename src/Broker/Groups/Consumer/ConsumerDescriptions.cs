using System.Collections.Immutable;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>Consumer groups as ConsumerGroupDescribe tells of them.</summary>
internal static class ConsumerDescriptions
{
    private const sbyte ClassicMemberType = 0;
    private const sbyte ConsumerMemberType = 1;

    public static ConsumerGroupDescribeResponse.DescribedGroup Of(
        ConsumerGroup group, string standardAssignor, TopicsImage topics) => new()
        {
            GroupId = group.Id,
            GroupState = group.StateName,
            GroupEpoch = group.Epoch,
            AssignmentEpoch = group.TargetEpoch,
            AssignorName = group.Assignor(standardAssignor),
            Members = [.. group.Members.Values.Select(member => new ConsumerGroupDescribeResponse.Member
            {
                MemberId = member.Id,
                InstanceId = member.InstanceId,
                RackId = member.RackId,
                MemberEpoch = member.Epoch,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SubscribedTopicNames = [.. member.Topics],
                SubscribedTopicRegex = member.Regex,
                Assignment = Describe(member.Assigned.Union(member.PendingRevocation), topics),
                TargetAssignment = Describe(group.TargetOf(member.Id), topics),
                MemberType = member.IsClassic ? ClassicMemberType : ConsumerMemberType,
            })],
        };

    /// <summary>Without what lies in topics that are gone.</summary>
    private static ConsumerGroupDescribeResponse.Assignment Describe(
        ImmutableSortedSet<TopicIdPartition> partitions, TopicsImage topics) => new()
        {
            TopicPartitions = [.. partitions.GroupBy(partition => partition.TopicId)
                .Where(topic => topics.ById.ContainsKey(topic.Key))
                .Select(topic => new ConsumerGroupDescribeResponse.TopicPartitions
                {
                    TopicId = topic.Key,
                    TopicName = topics.ById[topic.Key].Name,
                    Partitions = [.. topic.Select(partition => partition.Partition)],
                })],
        };
}
