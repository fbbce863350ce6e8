using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>Share groups as ShareGroupDescribe tells of them.</summary>
internal static class ShareDescriptions
{
    public static ShareGroupDescribeResponse.DescribedGroup Of(ShareGroup group, TopicsImage topics) => new()
    {
        GroupId = group.Id,
        GroupState = group.StateName,
        GroupEpoch = group.Epoch,
        AssignmentEpoch = group.TargetEpoch,
        AssignorName = SimpleAssignor.Name,
        Members = [.. group.Members.Values.Select(member => new ShareGroupDescribeResponse.Member
        {
            MemberId = member.Id,
            RackId = member.RackId,
            MemberEpoch = member.Epoch,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            Assignment = new ShareGroupDescribeResponse.Assignment
            {
                TopicPartitions = [.. member.Assigned.GroupBy(partition => partition.TopicId)
                    .Where(topic => topics.ById.ContainsKey(topic.Key))
                    .Select(topic => new ShareGroupDescribeResponse.TopicPartitions
                    {
                        TopicId = topic.Key,
                        TopicName = topics.ById[topic.Key].Name,
                        Partitions = [.. topic.Select(partition => partition.Partition)],
                    })],
            },
        })],
    };
}
