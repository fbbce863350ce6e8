using System.Collections.Immutable;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>Which member of a consumer group a request speaks for, and whether it may.</summary>
internal static class ConsumerMembers
{
    /// <summary>A member that is known.</summary>
    public static HeartbeatRefusal? Resolve(
        ConsumerGroup group, string memberId, string? instanceId, out ConsumerMember? member)
    {
        member = null;
        if (instanceId is not null)
        {
            if (group.StaticMemberId(instanceId) is not { } owner)
            {
                return new HeartbeatRefusal(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");
            }

            if (owner != memberId)
            {
                return new HeartbeatRefusal(
                    ErrorCode.FencedInstanceId,
                    $"Static member {memberId} with instance id {instanceId} was fenced by member {owner}.");
            }
        }

        member = group.Members.GetValueOrDefault(memberId);
        return member is null
            ? new HeartbeatRefusal(
                ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {group.Id}.")
            : null;
    }

    /// <summary>A member that says which epoch it is in.</summary>
    public static HeartbeatRefusal? Resolve(
        ConsumerGroup group, ConsumerGroupHeartbeatRequest request, out ConsumerMember? member) =>
        Resolve(group, request.MemberId, request.InstanceId, out member) ?? CheckEpoch(member!, request);

    /// <summary>A member that joins, for the first time or again. A static one takes the place of who had its instance
    /// id, if that one has left or one of the two speaks the classic protocol.</summary>
    /// <param name="before">As it was, or who had its instance id; null for a new one.</param>
    /// <param name="known">To go on from.</param>
    public static HeartbeatRefusal? Join(
        ConsumerDraft draft, string memberId, string? instanceId, bool isClassic, out ConsumerMember? before,
        out ConsumerMember known)
    {
        ConsumerGroup group = draft.Group;
        known = new ConsumerMember(memberId);
        if (group.StaticMemberId(instanceId) is not { } owner)
        {
            before = group.Members.GetValueOrDefault(memberId);
            known = before ?? known;
            return null;
        }

        before = group.Members[owner];
        if (!isClassic && !before.IsClassic && before.Epoch != ConsumerMember.LeftEpoch)
        {
            return new HeartbeatRefusal(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {memberId} with instance id {instanceId} cannot join the group because the instance id "
                + $"is owned by {owner} member.");
        }

        known = before with { Id = memberId, Epoch = 0, PreviousEpoch = 0 };
        ImmutableSortedSet<TopicIdPartition> target = group.TargetOf(owner);
        draft.Add(ConsumerRecords.MemberTombstones(group.Id, owner));
        draft.Add(ConsumerRecords.Member(group.Id, known));
        draft.Add(ConsumerRecords.Target(group.Id, memberId, target));
        draft.Add(ConsumerRecords.Current(group.Id, known));
        return null;
    }

    /// <summary>Whether the group has room for one more.</summary>
    /// <param name="limit">The most members.</param>
    public static HeartbeatRefusal? CheckRoom(ConsumerGroup group, string memberId, string? instanceId, int limit) =>
        group.StaticMemberId(instanceId) is not null || group.Members.ContainsKey(memberId)
            || group.Members.Count < limit
            ? null
            : new HeartbeatRefusal(
                ErrorCode.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {limit} members.");

    /// <summary>What the member says it has; null when it does not say.</summary>
    public static ImmutableSortedSet<TopicIdPartition>? Owned(ConsumerGroupHeartbeatRequest request) =>
        request.TopicPartitions?.SelectMany(topic => topic.Partitions.Select(
            index => new TopicIdPartition(topic.TopicId, index))).ToImmutableSortedSet();

    private static HeartbeatRefusal? CheckEpoch(ConsumerMember member, ConsumerGroupHeartbeatRequest request)
    {
        int told = request.MemberEpoch;
        if (told == member.Epoch || (told < member.Epoch && told == member.PreviousEpoch
            && Owned(request) is { } owned && owned.IsSubsetOf(member.Assigned)))
        {
            return null;
        }

        string relation = told > member.Epoch ? "greater" : "smaller";
        return new HeartbeatRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a {relation} member epoch ({told}) than the one known by the group "
            + $"coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
    }
}
