using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>What is wrong with a share group's heartbeat whatever the group's state; null when nothing is.</summary>
internal static class ShareHeartbeatChecks
{
    private const int LongestMemberId = 36;

    /// <summary>Member ids are made by members, as UUIDs.</summary>
    public static bool IsMemberId(string? memberId) => memberId is { Length: > 0 and <= LongestMemberId };

    public static HeartbeatRefusal? Check(ShareGroupHeartbeatRequest request)
    {
        if (!IsMemberId(request.MemberId))
        {
            return new HeartbeatRefusal(ErrorCode.InvalidRequest, null);
        }

        if (request.GroupId.Length == 0)
        {
            return Invalid("GroupId can't be empty.");
        }

        if (request.RackId is "")
        {
            return Invalid("RackId can't be empty.");
        }

        return request.MemberEpoch switch
        {
            0 when request.SubscribedTopicNames is not { Count: > 0 } =>
                Invalid("SubscribedTopicNames must be set in first request."),
            < ShareMember.LeaveEpoch => Invalid("MemberEpoch is invalid."),
            _ => null,
        };
    }

    private static HeartbeatRefusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
