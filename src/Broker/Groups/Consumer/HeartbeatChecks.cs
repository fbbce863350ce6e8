using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>What is wrong with a heartbeat whatever the group's state; null when nothing is.</summary>
internal static class HeartbeatChecks
{
    private const short WithClientIds = 1;

    public static HeartbeatRefusal? Check(
        ConsumerGroupHeartbeatRequest request, short version, IReadOnlyList<string> assignors)
    {
        if (request.MemberId.Length == 0 && (version >= WithClientIds || request.MemberEpoch != 0))
        {
            return Invalid("MemberId can't be empty.");
        }

        if (request.GroupId.Length == 0)
        {
            return Invalid("GroupId can't be empty.");
        }

        if (request.InstanceId is "")
        {
            return Invalid("InstanceId can't be empty.");
        }

        if (request.RackId is "")
        {
            return Invalid("RackId can't be empty.");
        }

        HeartbeatRefusal? refusal = request.MemberEpoch switch
        {
            0 => CheckJoin(request),
            < ConsumerMember.LeftEpoch => Invalid("MemberEpoch is invalid."),
            ConsumerMember.LeftEpoch when request.InstanceId is null => Invalid("InstanceId can't be null."),
            _ => null,
        };
        if (refusal is null && request.ServerAssignor is { } assignor && !assignors.Contains(assignor))
        {
            return new HeartbeatRefusal(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", assignors)}.");
        }

        return refusal;
    }

    private static HeartbeatRefusal? CheckJoin(ConsumerGroupHeartbeatRequest request)
    {
        if (request.RebalanceTimeoutMs == -1)
        {
            return Invalid("RebalanceTimeoutMs must be provided in first request.");
        }

        if (request.TopicPartitions is not { Count: 0 })
        {
            return Invalid("TopicPartitions must be empty when (re-)joining.");
        }

        return request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null
            ? Invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.")
            : null;
    }

    private static HeartbeatRefusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
