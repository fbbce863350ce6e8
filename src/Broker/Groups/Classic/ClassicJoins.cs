using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>JoinGroup of the classic protocol (KIP-62, 229, 345, 394, 814).</summary>
internal sealed class ClassicJoins(GroupServices services, ClassicRebalances rebalances)
{
    private const short NeedsMemberId = 4;
    private const short MaySkipAssignment = 9;

    public Decision Join(
        ClassicGroup group, bool isNewGroup, JoinGroupRequest request, GroupClient client,
        Reply<JoinGroupResponse> reply)
    {
        Joining joining = new(group, request, client, ClassicProtocol.From(request), reply);
        ErrorCode error = Check(joining);
        if (error != ErrorCode.None)
        {
            reply.Set(ClassicAnswers.JoinError(error, request.MemberId));
            return FirstRecord(group, isNewGroup, Decision.Nothing);
        }

        Decision decision = request.MemberId.Length == 0 ? JoinNew(joining) : JoinExisting(joining);
        return FirstRecord(group, isNewGroup, decision);
    }

    /// <summary>A new group exists from its first request on, whoever coordinates it next.</summary>
    private static Decision FirstRecord(ClassicGroup group, bool isNewGroup, Decision decision) =>
        isNewGroup && !decision.HasWrites
            ? new Decision([group.EmptyRecord()]) { IsReplayed = false }
            : decision;

    private ErrorCode Check(Joining joining)
    {
        ClassicGroup group = joining.Group;
        if (!Accepts(group, joining.Request.MemberId))
        {
            group.RemovePending(joining.Request.MemberId);
            return ErrorCode.GroupMaxSizeReached;
        }

        if (group.State == ClassicState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        return group.Supports(joining.Request.ProtocolType, joining.Protocols)
            ? ErrorCode.None
            : ErrorCode.InconsistentGroupProtocol;
    }

    private bool Accepts(ClassicGroup group, string memberId)
    {
        int limit = services.Settings.MaxSize;
        return group.State switch
        {
            ClassicState.Empty or ClassicState.Dead => true,
            ClassicState.PreparingRebalance =>
                group.Member(memberId) is { IsAwaitingJoin: true } || group.AwaitingJoinCount < limit,
            _ => group.Member(memberId) is not null || group.Count < limit,
        };
    }

    private Decision JoinNew(Joining joining)
    {
        ClassicGroup group = joining.Group;
        string? instanceId = joining.Request.GroupInstanceId;
        string memberId = $"{instanceId ?? joining.Client.Id}-{services.NewId()}";
        if (instanceId is not null)
        {
            return group.StaticMemberId(instanceId) is { } oldId
                ? Return(joining, group.Member(oldId)!, memberId)
                : Add(joining, memberId);
        }

        if (joining.Client.Version < NeedsMemberId)
        {
            return Add(joining, memberId);
        }

        group.AddPending(memberId);
        rebalances.Expect(group, memberId, joining.Request.SessionTimeoutMs);
        joining.Reply.Set(ClassicAnswers.JoinError(ErrorCode.MemberIdRequired, memberId));
        return Decision.Nothing;
    }

    private Decision JoinExisting(Joining joining)
    {
        ClassicGroup group = joining.Group;
        string memberId = joining.Request.MemberId;
        if (group.IsPending(memberId))
        {
            return Add(joining, memberId);
        }

        ErrorCode error = group.CheckMember(memberId, joining.Request.GroupInstanceId);
        if (error != ErrorCode.None)
        {
            joining.Reply.Set(ClassicAnswers.JoinError(error, memberId));
            return Decision.Nothing;
        }

        ClassicMember member = group.Member(memberId)!;
        bool mayStay = group.State switch
        {
            ClassicState.CompletingRebalance => member.Matches(joining.Protocols),
            ClassicState.Stable => !group.IsLeader(memberId) && member.Matches(joining.Protocols),
            _ => false,
        };
        if (mayStay)
        {
            joining.Reply.Set(ClassicAnswers.Joined(group, member));
            return Decision.Nothing;
        }

        Update(joining, member);
        return rebalances.Begin(group);
    }

    private Decision Add(Joining joining, string memberId)
    {
        ClassicMember member = NewMember(joining, memberId);
        rebalances.AddMember(joining.Group, member, joining.Reply);
        return rebalances.Begin(joining.Group);
    }

    /// <summary>A static member is back: the old one is fenced, and nothing else changes if it says the same.</summary>
    private Decision Return(Joining joining, ClassicMember old, string memberId)
    {
        ClassicGroup group = joining.Group;
        string? formerLeader = group.LeaderId;
        ClassicMember member = NewMember(joining, memberId);
        member.Assignment = old.Assignment;
        rebalances.StopExpecting(group, old.Id);
        ClassicRebalances.AnswerJoin(old, ClassicAnswers.JoinError(ErrorCode.FencedInstanceId, old.Id));
        ClassicRebalances.AnswerSync(old, ClassicAnswers.SyncError(ErrorCode.FencedInstanceId));
        group.Replace(old, member);
        rebalances.Heard(group, member);
        if (group.State != ClassicState.Stable || !old.Matches(joining.Protocols)
            || group.SelectProtocol() != group.ProtocolName)
        {
            member.Join = joining.Reply;
            return rebalances.Begin(group);
        }

        JoinGroupResponse response = ClassicAnswers.Joined(group, member);
        bool maySkip = joining.Client.Version >= MaySkipAssignment;
        if (maySkip)
        {
            response.SkipAssignment = group.IsLeader(memberId);
        }
        else
        {
            // Without skipping, a leader that is told so would assign anew: it gets to hear of the former one.
            response.Members = [];
            response.Leader = formerLeader ?? "";
        }

        return new Decision([group.Record()])
        {
            IsReplayed = false,
            Committed = () => joining.Reply.Set(response),
            Failed = error => joining.Reply.Set(
                ClassicAnswers.JoinError(AppendErrors.ForClients(error), memberId)),
        };
    }

    private static void Update(Joining joining, ClassicMember member)
    {
        joining.Group.Offer(member, joining.Protocols);
        member.RebalanceTimeoutMs = joining.RebalanceTimeoutMs;
        member.SessionTimeoutMs = joining.Request.SessionTimeoutMs;
        member.Join?.Fail(ErrorCode.UnknownMemberId);
        member.Join = joining.Reply;
    }

    private static ClassicMember NewMember(Joining joining, string memberId) => new(
        memberId, joining.Request.GroupInstanceId, joining.Client.Id, joining.Client.Host)
    {
        ProtocolType = joining.Request.ProtocolType,
        Protocols = joining.Protocols,
        RebalanceTimeoutMs = joining.RebalanceTimeoutMs,
        SessionTimeoutMs = joining.Request.SessionTimeoutMs,
    };

    private sealed record Joining(
        ClassicGroup Group, JoinGroupRequest Request, GroupClient Client, IReadOnlyList<ClassicProtocol> Protocols,
        Reply<JoinGroupResponse> Reply)
    {
        /// <summary>Version 0 has only the session timeout.</summary>
        public int RebalanceTimeoutMs =>
            Client.Version == 0 ? Request.SessionTimeoutMs : Request.RebalanceTimeoutMs;
    }
}
