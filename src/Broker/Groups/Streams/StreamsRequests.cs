using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>What is asked of a shard about streams groups: finds the group, or makes it.</summary>
internal sealed class StreamsRequests(GroupServices services, ShardTimers timers, Func<string, Group?> find)
{
    private readonly StreamsHeartbeats _heartbeats = new(services, timers, id => find(id) as StreamsGroup);

    /// <summary>A heartbeat, well-formed as such.</summary>
    public Decision Heartbeat(
        StreamsGroupHeartbeatRequest request, GroupClient client, Reply<StreamsHeartbeatResult> reply)
    {
        Group? found = find(request.GroupId);
        bool isJoining = request.MemberEpoch == 0;
        if (found is StreamsGroup known)
        {
            return request.MemberEpoch < 0
                ? _heartbeats.Leave(known, request, reply)
                : _heartbeats.Heartbeat(known, request, client, reply);
        }

        if (!isJoining || found is not (null or ClassicGroup { IsEmpty: true }))
        {
            string message = found is not null ? $"Group {request.GroupId} is not a streams group."
                : request.MemberEpoch < 0 ? $"Group {request.GroupId} not found."
                : $"Streams group {request.GroupId} not found.";
            return reply.Now(StreamsHeartbeatResult.Failed(ErrorCode.GroupIdNotFound, message));
        }

        // An empty classic group makes room; its offsets stay.
        Decision decision = _heartbeats.Heartbeat(new StreamsGroup(request.GroupId), request, client, reply);
        return found is not null && decision.HasWrites
            ? decision with { Records = [.. found.Tombstones(), .. decision.Records] }
            : decision;
    }

    public StreamsGroupDescribeResponse.DescribedGroup Describe(string groupId) => find(groupId) switch
    {
        StreamsGroup group => StreamsDescriptions.Of(group),
        var other => new StreamsGroupDescribeResponse.DescribedGroup
        {
            GroupId = groupId,
            ErrorCode = ErrorCode.GroupIdNotFound,
            ErrorMessage = other is null ? $"Group {groupId} not found." : $"Group {groupId} is not a streams group.",
        },
    };

    public void Resume(StreamsGroup group) => _heartbeats.Resume(group);
}
