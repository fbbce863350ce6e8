using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// JoinGroup, SyncGroup, Heartbeat and LeaveGroup of members of the classic protocol in a consumer group (KIP-848,
/// online migration): the coordinator assigns, and a join takes a member one step to its target.
/// </summary>
internal sealed class ClassicMemberRequests(
    GroupServices services, ConsumerEpochs epochs, ConsumerTimers timers, ConsumerRemovals removals)
{
    private const short NeedsMemberId = 4;

    public Decision Join(
        ConsumerGroup group, JoinGroupRequest request, GroupClient client, Reply<JoinGroupResponse> reply)
    {
        bool isUnknown = request.MemberId.Length == 0;
        string memberId = isUnknown ? services.Chance.NextUuid().ToString() : request.MemberId;
        IReadOnlyList<ClassicProtocol> protocols = ClassicProtocol.From(request);
        ErrorCode error = CheckJoin(group, memberId, request, protocols);
        if (error == ErrorCode.None && isUnknown && request.GroupInstanceId is null
            && client.Version >= NeedsMemberId)
        {
            return reply.Now(ClassicAnswers.JoinError(ErrorCode.MemberIdRequired, memberId));
        }

        ConsumerDraft draft = new(group);
        ConsumerMember? before = null;
        ConsumerMember? known = null;
        if (error == ErrorCode.None)
        {
            HeartbeatRefusal? refusal = !isUnknown && request.GroupInstanceId is not null
                ? ConsumerMembers.Resolve(group, memberId, request.GroupInstanceId, out before)
                : ConsumerMembers.Join(
                    draft, memberId, request.GroupInstanceId, isClassic: true, out before, out known);
            known ??= before;
            error = refusal?.Error ?? ErrorCode.None;
        }

        ConsumerProtocolSubscription? subscription =
            protocols.Count > 0 ? ConsumerAssignments.Subscription(protocols[0].Metadata) : null;
        if (error == ErrorCode.None && subscription is null)
        {
            error = ErrorCode.InconsistentGroupProtocol;
        }

        return error == ErrorCode.None
            ? Join(
                group, draft, before, Update(known!, request, client, protocols, subscription!), subscription!, reply)
            : reply.Now(ClassicAnswers.JoinError(error));
    }

    public Decision Sync(ConsumerGroup group, SyncGroupRequest request, Reply<SyncGroupResponse> reply)
    {
        ErrorCode error = Find(
            group, request.MemberId, request.GroupInstanceId, request.GenerationId, out ConsumerMember? member);
        if (error == ErrorCode.None && ((request.ProtocolType is { } type && type != group.ProtocolTypeName)
            || (request.ProtocolName is { } name && name != member!.Classic!.Protocols[0].Name)))
        {
            error = ErrorCode.InconsistentGroupProtocol;
        }

        if (error == ErrorCode.None && group.TargetEpoch > member!.Epoch
            && member.State != MemberState.UnrevokedPartitions)
        {
            timers.ExpectJoin(group.Id, member);
            error = ErrorCode.RebalanceInProgress;
        }

        if (error != ErrorCode.None)
        {
            return reply.Now(ClassicAnswers.SyncError(error));
        }

        SyncGroupResponse response = new()
        {
            ProtocolType = request.ProtocolType,
            ProtocolName = request.ProtocolName,
            Assignment = ConsumerAssignments.Encode(
                member!.Assigned, member.Classic!.Protocols[0].Metadata, services.Image().Topics),
        };
        return new Decision([])
        {
            Committed = () =>
            {
                timers.Synced(group.Id, member);
                reply.Set(response);
            },
        };
    }

    /// <summary>Tells a member to join again when there is a step to take. New targets are made here too: there may be
    /// no member of the consumer protocol left to do so.</summary>
    public Decision Heartbeat(ConsumerGroup group, HeartbeatRequest request, Reply<HeartbeatResponse> reply)
    {
        ErrorCode error = Find(
            group, request.MemberId, request.GroupInstanceId, request.GenerationId, out ConsumerMember? member);
        if (error != ErrorCode.None)
        {
            return reply.Now(new HeartbeatResponse { ErrorCode = error });
        }

        timers.Heard(group.Id, member!);
        ConsumerDraft draft = new(group);
        epochs.Refresh(draft, isChanged: false);
        epochs.Retarget(draft);
        bool isStepDue = member!.Epoch < draft.Group.TargetEpoch
            || member.State == MemberState.UnrevokedPartitions
            || (member.State == MemberState.UnreleasedPartitions && !draft.Group.IsWaitingForOthers(member));
        if (isStepDue)
        {
            timers.ExpectJoin(group.Id, member);
        }

        return reply.After(draft.Records, new HeartbeatResponse
        {
            ErrorCode = isStepDue ? ErrorCode.RebalanceInProgress : ErrorCode.None,
        });
    }

    /// <summary>Removes members of either protocol.</summary>
    public Decision Leave(ConsumerGroup group, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply)
    {
        LeaveGroupResponse response = new();
        List<ConsumerMember> leaving = [];
        foreach (LeaveGroupRequest.MemberIdentity identity in request.Members)
        {
            // Tools remove static members without knowing their ids.
            string memberId = identity.MemberId.Length == 0 && identity.GroupInstanceId is not null
                ? group.StaticMemberId(identity.GroupInstanceId) ?? ""
                : identity.MemberId;
            HeartbeatRefusal? refusal = ConsumerMembers.Resolve(
                group, memberId, identity.GroupInstanceId, out ConsumerMember? member);
            response.Members.Add(new LeaveGroupResponse.MemberResponse
            {
                MemberId = identity.MemberId,
                GroupInstanceId = identity.GroupInstanceId,
                ErrorCode = refusal?.Error ?? ErrorCode.None,
            });
            if (member is not null && !leaving.Contains(member))
            {
                leaving.Add(member);
            }
        }

        return removals.Remove(group, leaving, () => reply.Set(response));
    }

    private static ErrorCode Find(
        ConsumerGroup group, string memberId, string? instanceId, int generation, out ConsumerMember? member)
    {
        if (ConsumerMembers.Resolve(group, memberId, instanceId, out member) is { } refusal)
        {
            return refusal.Error;
        }

        return !member!.IsClassic ? ErrorCode.UnknownMemberId
            : generation != member.Epoch ? ErrorCode.IllegalGeneration
            : ErrorCode.None;
    }

    private ErrorCode CheckJoin(
        ConsumerGroup group, string memberId, JoinGroupRequest request, IReadOnlyList<ClassicProtocol> protocols)
    {
        if (services.Settings.Migration == MigrationPolicy.Disabled)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        if (ConsumerMembers.CheckRoom(
            group, memberId, request.GroupInstanceId, services.Settings.ConsumerMaxSize) is { } full)
        {
            return full.Error;
        }

        return group.SupportsClassic(request.ProtocolType, protocols)
            ? ErrorCode.None
            : ErrorCode.InconsistentGroupProtocol;
    }

    private Decision Join(
        ConsumerGroup group, ConsumerDraft draft, ConsumerMember? before, ConsumerMember updated,
        ConsumerProtocolSubscription subscription, Reply<JoinGroupResponse> reply)
    {
        bool isDowngrade = before is not null && before.InstanceId is not null
            && GroupConversion.MayDowngrade(group, before, services.Settings);
        if (before is null || !updated.HasSameMetadata(before))
        {
            draft.Add(ConsumerRecords.Member(group.Id, updated));
        }

        bool isSubscriptionNew = before is null || !updated.HasSameSubscription(before);
        epochs.Refresh(draft, isSubscriptionNew);
        if (!isDowngrade)
        {
            epochs.Retarget(draft);
        }

        bool isStale = draft.Group.TargetEpoch < draft.Group.Epoch;
        ConsumerMember current = draft.Group.Members[updated.Id];
        ConsumerMember next = isDowngrade && isStale ? current : epochs.Reconcile(
            draft, current, Owned(subscription), before is not null && isSubscriptionNew);
        if (before is null || before.Id != next.Id || !next.HasSameAssignment(current))
        {
            draft.Add(ConsumerRecords.Current(group.Id, next));
        }

        JoinGroupResponse response = new()
        {
            MemberId = next.Id,
            GenerationId = next.Epoch,
            ProtocolType = group.ProtocolTypeName,
            ProtocolName = next.Classic!.Protocols[0].Name,
        };
        return isDowngrade
            ? removals.Downgrade(draft, [], isStale, () => reply.Set(response))
            : new Decision(draft.Records)
            {
                Appended = () => Follow(group.Id, before, next),
                Committed = () => reply.Set(response),
            };
    }

    private void Follow(string groupId, ConsumerMember? before, ConsumerMember next)
    {
        if (before is not null && (before.Id != next.Id || !before.IsClassic))
        {
            timers.Cancel(groupId, before.Id);
        }

        timers.Joined(groupId, next);
    }

    private ImmutableSortedSet<TopicIdPartition> Owned(ConsumerProtocolSubscription subscription) =>
        ConsumerAssignments.Partitions(
            subscription.OwnedPartitions.Select(topic => (topic.Topic, topic.Partitions.AsEnumerable())),
            services.Image().Topics);

    private static ConsumerMember Update(
        ConsumerMember member, JoinGroupRequest request, GroupClient client, IReadOnlyList<ClassicProtocol> protocols,
        ConsumerProtocolSubscription subscription) => member with
        {
            InstanceId = request.GroupInstanceId ?? member.InstanceId,
            RackId = string.IsNullOrEmpty(subscription.RackId) ? member.RackId : subscription.RackId,
            RebalanceTimeoutMs = client.Version == 0 ? request.SessionTimeoutMs
                : request.RebalanceTimeoutMs == -1 ? member.RebalanceTimeoutMs
                : request.RebalanceTimeoutMs,
            Topics = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
            Regex = "",
            ClientId = client.Id,
            ClientHost = client.Host,
            Classic = new ClassicMembership(request.SessionTimeoutMs, protocols),
        };
}
