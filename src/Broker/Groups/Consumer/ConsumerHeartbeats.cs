using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// ConsumerGroupHeartbeat: joins, stays and leaves of the consumer protocol, and the steps of its members to their
/// targets (KIP-848).
/// </summary>
internal sealed class ConsumerHeartbeats(GroupServices services, ShardTimers timers, Func<string, ConsumerGroup?> find)
{
    private const string AssignmentInterval = "consumer.assignment.interval.ms";
    private const string HeartbeatInterval = "consumer.heartbeat.interval.ms";
    private const string SessionTimeout = "consumer.session.timeout.ms";

    public Decision Leave(
        ConsumerGroup group, ConsumerGroupHeartbeatRequest request, Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        if (Resolve(group, request, out ConsumerMember? member) is { } refusal)
        {
            return Refuse(reply, refusal);
        }

        ConsumerGroupHeartbeatResponse response =
            new() { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch };
        if (request.MemberEpoch == ConsumerMember.LeftEpoch)
        {
            ConsumerMember away = member! with { Epoch = ConsumerMember.LeftEpoch, PendingRevocation = [] };
            return reply.After([ConsumerRecords.Current(group.Id, away)], response);
        }

        return reply.After(Removal(group, member!), response);
    }

    public Decision Heartbeat(
        ConsumerGroup group, bool isNew, ConsumerGroupHeartbeatRequest request, GroupClient client,
        Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        List<CoordinatorRecord> records = [];
        if (Find(group, request, records, out ConsumerMember? before, out ConsumerMember? known) is { } refusal)
        {
            return Refuse(reply, refusal);
        }

        ConsumerMember updated = Update(known!, request, client);
        if (updated.Regex.Length > 0 && updated.Regex != before?.Regex
            && TopicSubscriptions.WhyInvalid(updated.Regex) is { } reason)
        {
            return Refuse(reply, new HeartbeatRefusal(
                ErrorCode.InvalidRegularExpression,
                $"SubscribedTopicRegex `{updated.Regex}` is not a valid regular expression: {reason}."));
        }

        ConsumerGroup draft = Draft(group, records);
        if (before is null || !updated.HasSameMetadata(before))
        {
            Add(draft, records, ConsumerRecords.Member(group.Id, updated));
        }

        bool isChanged = isNew || before is null || !updated.HasSameSubscription(before);
        Refresh(draft, records, isChanged);
        Retarget(draft, records);
        ConsumerMember current = draft.Members[updated.Id];
        ConsumerMember next = Reconciliation.Next(
            current, Owned(request), draft.TargetOf(current.Id), draft.TargetEpoch,
            partition => draft.IsHeldByOther(partition, current.Id));
        if (before is null || !next.HasSameAssignment(current) || before.Id != next.Id)
        {
            records.Add(ConsumerRecords.Current(group.Id, next));
        }

        Expect(group.Id, next);
        return Answer(group.Id, request, before, next, records, reply);
    }

    /// <summary>Everybody of a loaded group has a session timeout to be heard of.</summary>
    public void Resume(ConsumerGroup group)
    {
        foreach (ConsumerMember member in group.Members.Values)
        {
            Expect(group.Id, member);
        }
    }

    private static Decision Refuse(Reply<ConsumerGroupHeartbeatResponse> reply, HeartbeatRefusal refusal) =>
        reply.Now(new ConsumerGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message });

    private Decision Answer(
        string groupId, ConsumerGroupHeartbeatRequest request, ConsumerMember? before, ConsumerMember next,
        List<CoordinatorRecord> records, Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        ConsumerGroupHeartbeatResponse response = new()
        {
            MemberId = next.Id,
            MemberEpoch = next.Epoch,
            HeartbeatIntervalMs = services.Configs.Int(groupId, HeartbeatInterval),
        };
        bool isFull = request.MemberEpoch == 0
            || (request.RebalanceTimeoutMs != -1 && request.TopicPartitions is not null
                && (request.SubscribedTopicNames is not null || request.SubscribedTopicRegex is not null));
        if (isFull || before is null || !before.Assigned.SetEquals(next.Assigned))
        {
            response.Assignment = new ConsumerGroupHeartbeatResponse.AssignmentValue
            {
                TopicPartitions = [.. next.Assigned.GroupBy(partition => partition.TopicId).Select(
                    topic => new ConsumerGroupHeartbeatResponse.TopicPartitions
                    {
                        TopicId = topic.Key,
                        Partitions = [.. topic.Select(partition => partition.Partition)],
                    })],
            };
        }

        return reply.After(records, response);
    }

    /// <summary>The member that a request speaks for.</summary>
    private static HeartbeatRefusal? Resolve(
        ConsumerGroup group, ConsumerGroupHeartbeatRequest request, out ConsumerMember? member)
    {
        member = null;
        if (request.InstanceId is { } instance)
        {
            if (group.StaticMemberId(instance) is not { } owner)
            {
                return new HeartbeatRefusal(ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.");
            }

            if (owner != request.MemberId)
            {
                return new HeartbeatRefusal(
                    ErrorCode.FencedInstanceId,
                    $"Static member {request.MemberId} with instance id {instance} was fenced by member {owner}.");
            }
        }

        member = group.Members.GetValueOrDefault(request.MemberId);
        return member is null
            ? new HeartbeatRefusal(
                ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {group.Id}.")
            : null;
    }

    /// <param name="before">The member as it was; null for a new one.</param>
    /// <param name="known">The member to go on from.</param>
    private HeartbeatRefusal? Find(
        ConsumerGroup group, ConsumerGroupHeartbeatRequest request, List<CoordinatorRecord> records,
        out ConsumerMember? before, out ConsumerMember? known)
    {
        before = known = null;
        if (request.MemberEpoch != 0)
        {
            HeartbeatRefusal? refusal = Resolve(group, request, out before);
            known = before;
            return refusal ?? CheckEpoch(before!, request);
        }

        string? owner = group.StaticMemberId(request.InstanceId);
        if (owner is not null && owner != request.MemberId)
        {
            ConsumerMember away = group.Members[owner];
            if (away.Epoch != ConsumerMember.LeftEpoch)
            {
                return new HeartbeatRefusal(
                    ErrorCode.UnreleasedInstanceId,
                    $"Static member {request.MemberId} with instance id {request.InstanceId} cannot join the group "
                    + $"because the instance id is owned by {owner} member.");
            }

            before = away;
            Replace(group, away, request.MemberId, records, out known);
            return null;
        }

        before = group.Members.GetValueOrDefault(request.MemberId);
        known = before ?? new ConsumerMember(request.MemberId);
        return before is null && group.Members.Count >= services.Settings.ConsumerMaxSize
            ? new HeartbeatRefusal(
                ErrorCode.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {services.Settings.ConsumerMaxSize} members.")
            : null;
    }

    private void Replace(
        ConsumerGroup group, ConsumerMember away, string memberId, List<CoordinatorRecord> records,
        out ConsumerMember? back)
    {
        timers.Cancel(SessionKey(group.Id, away.Id));
        timers.Cancel(RebalanceKey(group.Id, away.Id));
        back = new ConsumerMember(memberId)
        {
            InstanceId = away.InstanceId,
            RackId = away.RackId,
            ClientId = away.ClientId,
            ClientHost = away.ClientHost,
            Topics = away.Topics,
            Regex = away.Regex,
            RebalanceTimeoutMs = away.RebalanceTimeoutMs,
            ServerAssignor = away.ServerAssignor,
            Epoch = 0,
            PreviousEpoch = 0,
            Assigned = away.Assigned,
        };
        records.AddRange(ConsumerRecords.MemberTombstones(group.Id, away.Id));
        records.Add(ConsumerRecords.Member(group.Id, back));
        records.Add(ConsumerRecords.Target(group.Id, memberId, group.TargetOf(away.Id)));
        records.Add(ConsumerRecords.Current(group.Id, back));
    }

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

    private static ConsumerMember Update(
        ConsumerMember member, ConsumerGroupHeartbeatRequest request, GroupClient client) => member with
        {
            InstanceId = request.InstanceId ?? member.InstanceId,
            RackId = request.RackId ?? member.RackId,
            RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1
                ? member.RebalanceTimeoutMs
                : request.RebalanceTimeoutMs,
            ServerAssignor = request.ServerAssignor ?? member.ServerAssignor,
            Topics = request.SubscribedTopicNames?.ToImmutableSortedSet(StringComparer.Ordinal) ?? member.Topics,
            Regex = request.SubscribedTopicRegex ?? member.Regex,
            ClientId = client.Id,
            ClientHost = client.Host,
        };

    private static ImmutableSortedSet<TopicIdPartition>? Owned(ConsumerGroupHeartbeatRequest request) =>
        request.TopicPartitions?.SelectMany(topic => topic.Partitions.Select(
            index => new TopicIdPartition(topic.TopicId, index))).ToImmutableSortedSet();

    /// <summary>A copy of the group on which the records of one decision are tried before they are written.</summary>
    private static ConsumerGroup Draft(ConsumerGroup group, IEnumerable<CoordinatorRecord> records)
    {
        ConsumerGroup draft = group.Copy();
        foreach (CoordinatorRecord record in records)
        {
            ConsumerRecords.Replay(draft, record.Key, record.Value);
        }

        return draft;
    }

    private static void Add(ConsumerGroup draft, List<CoordinatorRecord> records, CoordinatorRecord record)
    {
        records.Add(record);
        ConsumerRecords.Replay(draft, record.Key, record.Value);
    }

    /// <summary>Looks at the topics again, and begins a new epoch if the group or its topics have changed.</summary>
    private void Refresh(ConsumerGroup draft, List<CoordinatorRecord> records, bool isChanged)
    {
        MetadataImage image = services.Image();
        if (!isChanged && ReferenceEquals(draft.CheckedTopics, image.Topics))
        {
            return;
        }

        SortedSet<string> regexes = new(
            draft.Members.Values.Select(member => member.Regex).Where(regex => regex.Length > 0),
            StringComparer.Ordinal);
        foreach (string regex in regexes)
        {
            ImmutableSortedSet<string> topics = TopicSubscriptions.Match(regex, image.Topics);
            if (draft.Regexes.GetValueOrDefault(regex) is not { } known || !known.SetEquals(topics))
            {
                Add(draft, records, ConsumerRecords.Regex(
                    draft.Id, regex, topics, image.Provenance.EndOffset, services.WallClockMs));
            }
        }

        foreach (string regex in draft.Regexes.Keys.Where(regex => !regexes.Contains(regex)).ToArray())
        {
            Add(draft, records, ConsumerRecords.RegexTombstone(draft.Id, regex));
        }

        long hash = TopicSubscriptions.HashOf(
            draft.Members.Values.SelectMany(member => member.Topics).Concat(draft.Regexes.Values.SelectMany(t => t))
                .Distinct(StringComparer.Ordinal), image);
        if (isChanged || hash != draft.MetadataHash)
        {
            Add(draft, records, ConsumerRecords.Epoch(draft.Id, draft.Epoch + 1, hash));
        }

        if (find(draft.Id) is { } group)
        {
            group.CheckedTopics = image.Topics;
        }
    }

    private void Retarget(ConsumerGroup draft, List<CoordinatorRecord> records)
    {
        long now = services.WallClockMs;
        if (draft.Epoch <= draft.TargetEpoch
            || now - draft.TargetTimestampMs < services.Configs.Int(draft.Id, AssignmentInterval))
        {
            return;
        }

        TopicsImage topics = services.Image().Topics;
        AssignmentInput.Member[] members = [.. draft.Members.Values.Select(member => new AssignmentInput.Member(
            member.Id, member.InstanceId, TopicSubscriptions.Of(member, draft, topics), draft.TargetOf(member.Id)))];
        AssignmentInput input = new(members, new SortedDictionary<Uuid, int>(members
            .SelectMany(member => member.Topics).Distinct()
            .ToDictionary(topic => topic, topic => topics.ById[topic].Partitions.Count)));
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>> targets =
            draft.Assignor(services.Settings.ConsumerAssignors[0]) == "range"
                ? RangeAssignor.Assign(input)
                : UniformAssignor.Assign(input);
        foreach (string memberId in draft.Members.Keys)
        {
            ImmutableSortedSet<TopicIdPartition> target = targets.GetValueOrDefault(memberId) ?? [];
            if (!draft.HasTarget(memberId) || !draft.TargetOf(memberId).SetEquals(target))
            {
                Add(draft, records, ConsumerRecords.Target(draft.Id, memberId, target));
            }
        }

        Add(draft, records, ConsumerRecords.TargetEpoch(draft.Id, draft.Epoch, now));
    }

    private List<CoordinatorRecord> Removal(ConsumerGroup group, ConsumerMember member)
    {
        timers.Cancel(SessionKey(group.Id, member.Id));
        timers.Cancel(RebalanceKey(group.Id, member.Id));
        List<CoordinatorRecord> records = [.. ConsumerRecords.MemberTombstones(group.Id, member.Id)];
        ConsumerGroup draft = Draft(group, records);
        Refresh(draft, records, isChanged: true);
        if (draft.IsEmpty)
        {
            Add(draft, records, ConsumerRecords.TargetEpoch(group.Id, draft.Epoch, services.WallClockMs));
        }

        return records;
    }

    private void Expect(string groupId, ConsumerMember member)
    {
        timers.Set(
            SessionKey(groupId, member.Id), services.Configs.Int(groupId, SessionTimeout),
            () => Fence(groupId, member.Id));
        if (member.State == MemberState.UnrevokedPartitions)
        {
            if (!timers.IsSet(RebalanceKey(groupId, member.Id)))
            {
                timers.Set(
                    RebalanceKey(groupId, member.Id), member.RebalanceTimeoutMs, () => Fence(groupId, member.Id));
            }
        }
        else
        {
            timers.Cancel(RebalanceKey(groupId, member.Id));
        }
    }

    private Decision Fence(string groupId, string memberId) =>
        find(groupId) is { } group && group.Members.TryGetValue(memberId, out ConsumerMember? member)
            ? new Decision(Removal(group, member))
            : Decision.Nothing;

    private static string SessionKey(string groupId, string memberId) => $"consumer session {groupId} {memberId}";

    private static string RebalanceKey(string groupId, string memberId) => $"consumer rebalance {groupId} {memberId}";
}
