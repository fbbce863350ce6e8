using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>Who a heartbeat speaks for, and what it changes about that member.</summary>
internal static class StreamsMembers
{
    /// <summary>The member of a heartbeat that stays or leaves.</summary>
    public static HeartbeatRefusal? FindKnown(
        StreamsGroup group, StreamsGroupHeartbeatRequest request, out StreamsMember? member)
    {
        if (request.InstanceId is { } instance)
        {
            member = group.StaticMember(instance);
            return member is null
                ? new HeartbeatRefusal(ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.")
                : member.Id != request.MemberId
                    ? new HeartbeatRefusal(
                        ErrorCode.FencedInstanceId,
                        $"Static member {request.MemberId} with instance id {instance} was fenced by member "
                        + $"{member.Id}.")
                    : null;
        }

        return group.Members.TryGetValue(request.MemberId, out member)
            ? null
            : new HeartbeatRefusal(
                ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {group.Id}.");
    }

    /// <summary>The member of a heartbeat that joins: a new one, one that is there already, or one that takes the place
    /// of <paramref name="replaced"/>.</summary>
    public static HeartbeatRefusal? FindJoining(
        StreamsGroup group, StreamsGroupHeartbeatRequest request, int maxSize, out StreamsMember member,
        out StreamsMember? replaced)
    {
        StreamsMember? known = group.Members.GetValueOrDefault(request.MemberId);
        StreamsMember? away = group.StaticMember(request.InstanceId);
        member = known ?? new StreamsMember(request.MemberId);
        replaced = null;
        if (away is null)
        {
            return known is null && group.Members.Count >= maxSize
                ? new HeartbeatRefusal(
                    ErrorCode.GroupMaxSizeReached,
                    $"The streams group has reached its maximum capacity of {maxSize} members.")
                : null;
        }

        if (away.Epoch != StreamsMember.LeftEpoch)
        {
            return new HeartbeatRefusal(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {request.MemberId} with instance id {request.InstanceId} cannot join the group "
                + $"because the instance id is owned by {away.Id} member.");
        }

        replaced = away;
        member = away with { Id = request.MemberId, Epoch = 0, PreviousEpoch = 0 };
        return null;
    }

    /// <summary>An epoch other than the member's own is taken only where an answer may have been lost.</summary>
    public static HeartbeatRefusal? CheckEpoch(StreamsMember member, StreamsGroupHeartbeatRequest request)
    {
        int told = request.MemberEpoch;
        if (told == member.Epoch || (told < member.Epoch && told == member.PreviousEpoch
            && Owned(request) is { } owned && owned.IsPartOf(member.Assigned)))
        {
            return null;
        }

        string relation = told > member.Epoch ? "greater" : "smaller";
        return new HeartbeatRefusal(
            ErrorCode.FencedMemberEpoch,
            $"The streams group member has a {relation} member epoch ({told}) than the one known by the group "
            + $"coordinator ({member.Epoch}). The member must abandon all its partitions and rejoin.");
    }

    public static StreamsMember Update(
        StreamsMember member, StreamsGroupHeartbeatRequest request, GroupClient client) => member with
        {
            InstanceId = request.InstanceId ?? member.InstanceId,
            RackId = request.RackId ?? member.RackId,
            RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1
                ? member.RebalanceTimeoutMs
                : request.RebalanceTimeoutMs,
            TopologyEpoch = request.Topology?.Epoch ?? member.TopologyEpoch,
            ProcessId = request.ProcessId ?? member.ProcessId,
            ClientId = client.Id,
            ClientHost = client.Host,
            Endpoint = request.UserEndpoint is { } endpoint
                ? new StreamsEndpoint(endpoint.Host, endpoint.Port)
                : request.MemberEpoch == 0 ? null : member.Endpoint,
            Tags = request.ClientTags is { } tags
                ? StreamsMember.NoTags.SetItems(tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value)))
                : member.Tags,
        };

    /// <summary>What the member says it has; null when it did not say.</summary>
    public static TaskAssignment? Owned(StreamsGroupHeartbeatRequest request)
    {
        return request is { ActiveTasks: { } active, StandbyTasks: { } standby, WarmupTasks: { } warmup }
            ? new TaskAssignment([.. Read(active)], [.. Read(standby)], [.. Read(warmup)])
            : null;

        static IEnumerable<TaskId> Read(List<StreamsGroupHeartbeatRequest.TaskIds> tasks) =>
            tasks.SelectMany(group => group.Partitions.Select(
                partition => new TaskId(group.SubtopologyId, partition)));
    }

    /// <summary>Everything of the old member, under its new id.</summary>
    public static IEnumerable<CoordinatorRecord> Replacement(
        StreamsGroup group, StreamsMember replaced, StreamsMember member) =>
    [
        .. StreamsRecords.MemberTombstones(group.Id, replaced.Id),
        StreamsRecords.Member(group.Id, member),
        StreamsRecords.Target(
            group.Id, member.Id, group.Targets.GetValueOrDefault(replaced.Id) ?? TaskAssignment.Empty),
        StreamsRecords.Current(group.Id, member),
    ];

    /// <summary>Without the member there is another epoch; without the last one nothing is left to assign.</summary>
    public static List<CoordinatorRecord> Removal(StreamsGroup group, StreamsMember member)
    {
        List<CoordinatorRecord> records =
        [
            .. StreamsRecords.MemberTombstones(group.Id, member.Id),
            StreamsRecords.Epoch(
                group, group.Epoch + 1, group.MetadataHash, group.ValidatedTopologyEpoch, group.AssignmentConfigs),
        ];
        if (group.Members.Count == 1)
        {
            records.Add(StreamsRecords.TargetEpoch(group.Id, group.Epoch + 1, timestampMs: 0));
        }

        return records;
    }
}
