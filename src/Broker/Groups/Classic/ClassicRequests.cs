using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>SyncGroup, Heartbeat and LeaveGroup of the classic protocol.</summary>
internal sealed class ClassicRequests(ClassicRebalances rebalances)
{
    public Decision Sync(ClassicGroup group, SyncGroupRequest request, Reply<SyncGroupResponse> reply)
    {
        ErrorCode error = CheckSync(group, request);
        if (error != ErrorCode.None)
        {
            reply.Set(ClassicAnswers.SyncError(error));
            return Decision.Nothing;
        }

        ClassicMember member = group.Member(request.MemberId)!;
        rebalances.Synced(group, member);
        rebalances.Heard(group, member);
        if (group.State == ClassicState.Stable)
        {
            return reply.Now(ClassicAnswers.Synced(group, member));
        }

        member.Sync?.Fail(ErrorCode.UnknownMemberId);
        member.Sync = reply;
        return group.IsLeader(member.Id) ? Assign(group, request) : Decision.Nothing;
    }

    public ErrorCode Heartbeat(ClassicGroup group, HeartbeatRequest request)
    {
        ErrorCode error = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (error != ErrorCode.None)
        {
            return error;
        }

        rebalances.Heard(group, group.Member(request.MemberId)!);
        return group.State == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    public Decision Leave(ClassicGroup group, LeaveGroupRequest request, LeaveGroupResponse response)
    {
        if (group.State == ClassicState.Dead)
        {
            response.ErrorCode = ErrorCode.CoordinatorNotAvailable;
            return Decision.Nothing;
        }

        bool anyGone = false;
        foreach (LeaveGroupRequest.MemberIdentity leaving in request.Members)
        {
            ErrorCode error = Leave(group, leaving, ref anyGone);
            response.Members.Add(new LeaveGroupResponse.MemberResponse
            {
                MemberId = leaving.MemberId,
                GroupInstanceId = leaving.GroupInstanceId,
                ErrorCode = error,
            });
        }

        return anyGone ? rebalances.AfterRemoval(group) : Decision.Nothing;
    }

    private ErrorCode Leave(ClassicGroup group, LeaveGroupRequest.MemberIdentity leaving, ref bool anyGone)
    {
        string memberId = leaving.MemberId;
        if (leaving.GroupInstanceId is null && group.RemovePending(memberId))
        {
            rebalances.StopExpecting(group, memberId);
            anyGone = true;
            return ErrorCode.None;
        }

        if (leaving.GroupInstanceId is { } instanceId && memberId.Length == 0)
        {
            memberId = group.StaticMemberId(instanceId) ?? "";
        }

        ErrorCode error = group.CheckMember(memberId, leaving.GroupInstanceId);
        if (error == ErrorCode.None)
        {
            rebalances.Remove(group, group.Member(memberId)!);
            anyGone = true;
        }

        return error;
    }

    private static ErrorCode CheckSync(ClassicGroup group, SyncGroupRequest request)
    {
        ErrorCode error = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if ((request.ProtocolType is { } type && type != group.ProtocolType)
            || (request.ProtocolName is { } name && name != group.ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return group.State == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private static ErrorCode Check(ClassicGroup group, string memberId, string? instanceId, int generation)
    {
        if (group.State == ClassicState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        ErrorCode error = group.CheckMember(memberId, instanceId);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (generation != group.Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        return group.IsEmpty ? ErrorCode.UnknownMemberId : ErrorCode.None;
    }

    private Decision Assign(ClassicGroup group, SyncGroupRequest request)
    {
        Dictionary<string, ReadOnlyMemory<byte>> assignments = new(StringComparer.Ordinal);
        foreach (ClassicMember member in group.Members)
        {
            assignments[member.Id] = default;
        }

        foreach (SyncGroupRequest.SyncGroupRequestAssignment assignment in request.Assignments)
        {
            if (assignments.ContainsKey(assignment.MemberId))
            {
                assignments[assignment.MemberId] = assignment.Assignment.ToArray();
            }
        }

        int generation = group.Generation;
        return new Decision([group.Record(assignments)])
        {
            IsReplayed = false,
            Committed = () => rebalances.Assigned(group, generation, assignments),
            Failed = error => rebalances.AssignmentFailed(group, generation, AppendErrors.ForClients(error)),
        };
    }
}
