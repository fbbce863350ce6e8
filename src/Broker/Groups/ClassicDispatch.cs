using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Groups.Streams;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups;

/// <summary>The requests of the classic protocol, for whatever kind of group they are about.</summary>
internal static class ClassicDispatch
{
    public static Decision Join(
        GroupShard shard, JoinGroupRequest request, GroupClient client, Reply<JoinGroupResponse> reply)
    {
        Group? found = shard.Find(request.GroupId);
        if (found is ConsumerGroup { IsEmpty: false } consumers)
        {
            return shard.ClassicMembers.Join(consumers, request, client, reply);
        }

        if (found is (ConsumerGroup or StreamsGroup) and { IsEmpty: true } empty && request.MemberId.Length == 0)
        {
            ClassicGroup fresh = shard.Replace(empty);
            Decision joined = shard.Joins.Join(fresh, isNewGroup: true, request, client, reply);
            return joined with { Records = [.. empty.Tombstones(), .. joined.Records] };
        }

        bool isNew = found is null && request.MemberId.Length == 0;
        if (isNew)
        {
            found = shard.Create(request.GroupId);
        }

        if (found is ClassicGroup group)
        {
            return shard.Joins.Join(group, isNew, request, client, reply);
        }

        reply.Set(ClassicAnswers.JoinError(
            found is null or ConsumerGroup or StreamsGroup { IsEmpty: true }
                ? ErrorCode.UnknownMemberId
                : ErrorCode.InconsistentGroupProtocol,
            request.MemberId));
        return Decision.Nothing;
    }

    public static Decision Sync(GroupShard shard, SyncGroupRequest request, Reply<SyncGroupResponse> reply)
    {
        switch (shard.Find(request.GroupId))
        {
            case ClassicGroup group:
                return shard.Requests.Sync(group, request, reply);
            case ConsumerGroup consumers:
                return shard.ClassicMembers.Sync(consumers, request, reply);
            default:
                reply.Set(ClassicAnswers.SyncError(ErrorCode.UnknownMemberId));
                return Decision.Nothing;
        }
    }

    public static Decision Heartbeat(GroupShard shard, HeartbeatRequest request, Reply<HeartbeatResponse> reply)
    {
        Group? found = shard.Find(request.GroupId);
        if (found is ConsumerGroup consumers)
        {
            return shard.ClassicMembers.Heartbeat(consumers, request, reply);
        }

        reply.Set(new HeartbeatResponse
        {
            ErrorCode = found is ClassicGroup group
                ? shard.Requests.Heartbeat(group, request)
                : ErrorCode.UnknownMemberId,
        });
        return Decision.Nothing;
    }

    public static Decision Leave(GroupShard shard, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply)
    {
        Group? found = shard.Find(request.GroupId);
        if (found is ConsumerGroup consumers)
        {
            return shard.ClassicMembers.Leave(consumers, request, reply);
        }

        LeaveGroupResponse response = new();
        if (found is ClassicGroup group)
        {
            return shard.Requests.Leave(group, request, response) with { Committed = () => reply.Set(response) };
        }

        response.Members.AddRange(request.Members.Select(member => new LeaveGroupResponse.MemberResponse
        {
            MemberId = member.MemberId,
            GroupInstanceId = member.GroupInstanceId,
            ErrorCode = ErrorCode.UnknownMemberId,
        }));
        return reply.Now(response);
    }
}
