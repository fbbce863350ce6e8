using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>ConsumerGroupHeartbeat: joins, stays and leaves of the consumer protocol (KIP-848).</summary>
internal sealed class ConsumerHeartbeats(
    GroupServices services, ConsumerEpochs epochs, ConsumerTimers timers, ConsumerRemovals removals)
{
    private const string HeartbeatInterval = "consumer.heartbeat.interval.ms";

    public Decision Leave(
        ConsumerGroup group, ConsumerGroupHeartbeatRequest request, Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        if (ConsumerMembers.Resolve(group, request.MemberId, request.InstanceId, out ConsumerMember? member)
            is { } refusal)
        {
            return Refuse(reply, refusal);
        }

        ConsumerGroupHeartbeatResponse response =
            new() { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch };
        if (request.MemberEpoch == ConsumerMember.LeftEpoch)
        {
            ConsumerMember away =
                member!.WithPartitions(member.Assigned, [], member.Epoch) with { Epoch = ConsumerMember.LeftEpoch };
            return reply.After([ConsumerRecords.Current(group.Id, away)], response);
        }

        return removals.Remove(group, [member!], () => reply.Set(response));
    }

    public Decision Heartbeat(
        ConsumerDraft draft, ConsumerGroupHeartbeatRequest request, GroupClient client,
        Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        ConsumerMember? before = null;
        ConsumerMember? known = null;
        HeartbeatRefusal? refusal = ConsumerMembers.CheckRoom(
            draft.Group, request.MemberId, request.InstanceId, services.Settings.ConsumerMaxSize);
        if (request.MemberEpoch == 0)
        {
            refusal ??= ConsumerMembers.Join(
                draft, request.MemberId, request.InstanceId, isClassic: false, out before, out known);
        }
        else
        {
            refusal ??= ConsumerMembers.Resolve(draft.Group, request, out before);
            known = before;
        }

        if (refusal is not null)
        {
            return Refuse(reply, refusal);
        }

        ConsumerMember updated = Update(known!, request, client);
        if (CheckRegex(draft.Group, before, updated) is { } invalid)
        {
            return Refuse(reply, invalid);
        }

        return Go(draft, request, before, updated, reply);
    }

    private static Decision Refuse(Reply<ConsumerGroupHeartbeatResponse> reply, HeartbeatRefusal refusal) =>
        reply.Now(new ConsumerGroupHeartbeatResponse { ErrorCode = refusal.Error, ErrorMessage = refusal.Message });

    private Decision Go(
        ConsumerDraft draft, ConsumerGroupHeartbeatRequest request, ConsumerMember? before, ConsumerMember updated,
        Reply<ConsumerGroupHeartbeatResponse> reply)
    {
        string groupId = draft.Group.Id;
        bool hasNewVote = before?.ServerAssignor != updated.ServerAssignor;
        string assignor = hasNewVote ? draft.Group.Assignor(epochs.StandardAssignor) : "";
        if (before is null || !updated.HasSameMetadata(before))
        {
            draft.Add(ConsumerRecords.Member(groupId, updated));
        }

        bool isSubscriptionNew = before is null || !updated.HasSameSubscription(before);
        bool isAssignorNew = hasNewVote && draft.Group.Assignor(epochs.StandardAssignor) != assignor;
        epochs.Refresh(draft, draft.IsNew || isSubscriptionNew || isAssignorNew);
        epochs.Retarget(draft);
        ConsumerMember current = draft.Group.Members[updated.Id];
        ConsumerMember next = epochs.Reconcile(
            draft, current, ConsumerMembers.Owned(request), before is not null && isSubscriptionNew);
        bool isMoved = before is null || !next.HasSameAssignment(current) || before.Id != next.Id;
        if (isMoved)
        {
            draft.Add(ConsumerRecords.Current(groupId, next));
        }

        ConsumerGroupHeartbeatResponse response = Answer(groupId, request, before, next);
        return new Decision(draft.Records)
        {
            Appended = () => Follow(groupId, before, next, isMoved),
            Committed = () => reply.Set(response),
        };
    }

    private void Follow(string groupId, ConsumerMember? before, ConsumerMember next, bool isMoved)
    {
        if (before is not null && before.Id != next.Id)
        {
            timers.Cancel(groupId, before.Id);
        }

        timers.Heard(groupId, next);
        if (isMoved)
        {
            timers.Reconciling(groupId, next);
        }
    }

    private ConsumerGroupHeartbeatResponse Answer(
        string groupId, ConsumerGroupHeartbeatRequest request, ConsumerMember? before, ConsumerMember next)
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

        return response;
    }

    /// <summary>An expression that nobody subscribes to yet is looked at first.</summary>
    private static HeartbeatRefusal? CheckRegex(ConsumerGroup group, ConsumerMember? before, ConsumerMember updated) =>
        updated.Regex.Length > 0 && updated.Regex != before?.Regex && !group.Regexes.ContainsKey(updated.Regex)
        && TopicSubscriptions.WhyInvalid(updated.Regex) is { } reason
            ? new HeartbeatRefusal(
                ErrorCode.InvalidRegularExpression,
                $"SubscribedTopicRegex `{updated.Regex}` is not a valid regular expression: {reason}.")
            : null;

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
            Classic = null,
        };
}
