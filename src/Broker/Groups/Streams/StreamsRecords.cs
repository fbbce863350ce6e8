using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The records of streams groups, made and replayed.</summary>
internal static class StreamsRecords
{
    /// <param name="configs">Those that the assignment depends on.</param>
    public static CoordinatorRecord Epoch(
        StreamsGroup group, int epoch, long hash, int validatedTopologyEpoch,
        ImmutableSortedDictionary<string, string> configs) => new(
            new StreamsGroupMetadataKey { GroupId = group.Id },
            new StreamsGroupMetadataValue
            {
                Epoch = epoch,
                MetadataHash = hash,
                ValidatedTopologyEpoch = validatedTopologyEpoch,
                LastAssignmentConfigs = [.. configs.Select(config =>
                    new StreamsGroupMetadataValue.LastAssignmentConfig { Key = config.Key, Value = config.Value })],
                StoredDescriptionTopologyEpoch = group.StoredDescriptionEpoch,
                FailedDescriptionTopologyEpoch = group.FailedDescriptionEpoch,
            }, 0);

    public static CoordinatorRecord Topology(string groupId, StreamsTopology topology) =>
        new(new StreamsGroupTopologyKey { GroupId = groupId }, topology.Record, 0);

    public static CoordinatorRecord Member(string groupId, StreamsMember member) => new(
        new StreamsGroupMemberMetadataKey { GroupId = groupId, MemberId = member.Id },
        new StreamsGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            TopologyEpoch = member.TopologyEpoch,
            ProcessId = member.ProcessId,
            UserEndpoint = member.Endpoint is { } endpoint
                ? new StreamsGroupMemberMetadataValue.Endpoint { Host = endpoint.Host, Port = endpoint.Port }
                : null,
            ClientTags = [.. member.Tags.Select(
                tag => new StreamsGroupMemberMetadataValue.KeyValue { Key = tag.Key, Value = tag.Value })],
        }, 0);

    public static CoordinatorRecord TargetEpoch(string groupId, int epoch, long timestampMs) => new(
        new StreamsGroupTargetAssignmentMetadataKey { GroupId = groupId },
        new StreamsGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = timestampMs },
        0);

    public static CoordinatorRecord Target(string groupId, string memberId, TaskAssignment target) => new(
        new StreamsGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId },
        new StreamsGroupTargetAssignmentMemberValue
        {
            ActiveTasks = TaskRecords.ToTarget(target.Active),
            StandbyTasks = TaskRecords.ToTarget(target.Standby),
            WarmupTasks = TaskRecords.ToTarget(target.Warmup),
        }, 0);

    public static CoordinatorRecord Current(string groupId, StreamsMember member) => new(
        new StreamsGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = member.Id },
        new StreamsGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = (sbyte)member.State,
            ActiveTasks = TaskRecords.ToCurrent(member.Assigned.Active),
            StandbyTasks = TaskRecords.ToCurrent(member.Assigned.Standby),
            WarmupTasks = TaskRecords.ToCurrent(member.Assigned.Warmup),
            ActiveTasksPendingRevocation = TaskRecords.ToCurrent(member.PendingRevocation.Active),
            StandbyTasksPendingRevocation = TaskRecords.ToCurrent(member.PendingRevocation.Standby),
            WarmupTasksPendingRevocation = TaskRecords.ToCurrent(member.PendingRevocation.Warmup),
        }, 0);

    public static IEnumerable<CoordinatorRecord> MemberTombstones(string groupId, string memberId) =>
    [
        CurrentTombstone(groupId, memberId), TargetTombstone(groupId, memberId), MemberTombstone(groupId, memberId),
    ];

    /// <summary>Members last but for the group: a reader never meets a member without what it belongs to.</summary>
    public static IReadOnlyList<CoordinatorRecord> Tombstones(StreamsGroup group) =>
    [
        .. group.Members.Keys.Select(member => CurrentTombstone(group.Id, member)),
        .. group.Members.Keys.Select(member => TargetTombstone(group.Id, member)),
        CoordinatorRecord.Tombstone(new StreamsGroupTargetAssignmentMetadataKey { GroupId = group.Id }),
        .. group.Members.Keys.Select(member => MemberTombstone(group.Id, member)),
        CoordinatorRecord.Tombstone(new StreamsGroupMetadataKey { GroupId = group.Id }),
        CoordinatorRecord.Tombstone(new StreamsGroupTopologyKey { GroupId = group.Id }),
    ];

    /// <summary>The group that a record is about; null for records of other kinds.</summary>
    public static string? GroupOf(ICoordinatorRecord key) => key switch
    {
        StreamsGroupMetadataKey group => group.GroupId,
        StreamsGroupTopologyKey topology => topology.GroupId,
        StreamsGroupMemberMetadataKey member => member.GroupId,
        StreamsGroupTargetAssignmentMetadataKey target => target.GroupId,
        StreamsGroupTargetAssignmentMemberKey target => target.GroupId,
        StreamsGroupCurrentMemberAssignmentKey current => current.GroupId,
        _ => null,
    };

    /// <summary>What a record says of a group that exists.</summary>
    public static void Replay(StreamsGroup group, ICoordinatorRecord key, ICoordinatorRecord? value)
    {
        switch (key)
        {
            case StreamsGroupMetadataKey when value is StreamsGroupMetadataValue metadata:
                group.SetMetadata(metadata);
                break;
            case StreamsGroupTopologyKey:
                group.SetTopology(value is StreamsGroupTopologyValue topology ? StreamsTopology.From(topology) : null);
                break;
            case StreamsGroupMemberMetadataKey member:
                ReplayMember(group, member.MemberId, (StreamsGroupMemberMetadataValue?)value);
                break;
            case StreamsGroupTargetAssignmentMetadataKey:
                var target = (StreamsGroupTargetAssignmentMetadataValue?)value;
                group.SetTargetEpoch(target?.AssignmentEpoch ?? -1, target?.AssignmentTimestamp ?? 0);
                break;
            case StreamsGroupTargetAssignmentMemberKey member:
                group.SetTarget(member.MemberId, value is StreamsGroupTargetAssignmentMemberValue tasks
                    ? new TaskAssignment(
                        TaskRecords.FromTarget(tasks.ActiveTasks), TaskRecords.FromTarget(tasks.StandbyTasks),
                        TaskRecords.FromTarget(tasks.WarmupTasks))
                    : null);
                break;
            case StreamsGroupCurrentMemberAssignmentKey member:
                ReplayCurrent(group, member.MemberId, (StreamsGroupCurrentMemberAssignmentValue?)value);
                break;
        }
    }

    private static CoordinatorRecord MemberTombstone(string groupId, string memberId) => CoordinatorRecord.Tombstone(
        new StreamsGroupMemberMetadataKey { GroupId = groupId, MemberId = memberId });

    private static CoordinatorRecord TargetTombstone(string groupId, string memberId) => CoordinatorRecord.Tombstone(
        new StreamsGroupTargetAssignmentMemberKey { GroupId = groupId, MemberId = memberId });

    private static CoordinatorRecord CurrentTombstone(string groupId, string memberId) => CoordinatorRecord.Tombstone(
        new StreamsGroupCurrentMemberAssignmentKey { GroupId = groupId, MemberId = memberId });

    private static void ReplayMember(StreamsGroup group, string memberId, StreamsGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            group.Remove(memberId);
            return;
        }

        StreamsMember member = group.Members.GetValueOrDefault(memberId) ?? new StreamsMember(memberId);
        group.Put(member with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            RebalanceTimeoutMs = value.RebalanceTimeoutMs,
            TopologyEpoch = value.TopologyEpoch,
            ProcessId = value.ProcessId,
            Endpoint = value.UserEndpoint is { } endpoint ? new StreamsEndpoint(endpoint.Host, endpoint.Port) : null,
            Tags = StreamsMember.NoTags.SetItems(
                value.ClientTags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))),
        });
    }

    private static void ReplayCurrent(
        StreamsGroup group, string memberId, StreamsGroupCurrentMemberAssignmentValue? value)
    {
        StreamsMember? known = group.Members.GetValueOrDefault(memberId);
        if (value is not null)
        {
            group.Put((known ?? new StreamsMember(memberId)) with
            {
                Epoch = value.MemberEpoch,
                PreviousEpoch = value.PreviousMemberEpoch,
                State = StateOf(value.State),
                Assigned = new HeldTasks(
                    TaskRecords.FromCurrent(value.ActiveTasks, value.MemberEpoch),
                    TaskRecords.FromCurrent(value.StandbyTasks), TaskRecords.FromCurrent(value.WarmupTasks)),
                PendingRevocation = new HeldTasks(
                    TaskRecords.FromCurrent(value.ActiveTasksPendingRevocation, value.MemberEpoch),
                    TaskRecords.FromCurrent(value.StandbyTasksPendingRevocation),
                    TaskRecords.FromCurrent(value.WarmupTasksPendingRevocation)),
            });
        }
        else if (known is not null)
        {
            group.Put(known with
            {
                Epoch = -1,
                PreviousEpoch = -1,
                Assigned = HeldTasks.Empty,
                PendingRevocation = HeldTasks.Empty,
            });
        }
    }

    private static StreamsMemberState StateOf(sbyte value) =>
        value is >= (sbyte)StreamsMemberState.Stable and <= (sbyte)StreamsMemberState.UnreleasedTasks
            ? (StreamsMemberState)value
            : StreamsMemberState.Unknown;
}
