using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Classic;

/// <summary>The answers of the classic protocol.</summary>
internal static class ClassicAnswers
{
    public static JoinGroupResponse JoinError(ErrorCode error, string memberId = "") =>
        new() { ErrorCode = error, MemberId = memberId, ProtocolName = "", GenerationId = -1 };

    public static SyncGroupResponse SyncError(ErrorCode error) => new() { ErrorCode = error };

    /// <summary>The generation as it is, for one of its members.</summary>
    public static JoinGroupResponse Joined(ClassicGroup group, ClassicMember member) => new()
    {
        MemberId = member.Id,
        GenerationId = group.Generation,
        ProtocolName = group.ProtocolName,
        ProtocolType = group.ProtocolType,
        Leader = group.LeaderId ?? "",
        Members = group.IsLeader(member.Id) ? Members(group) : [],
    };

    public static SyncGroupResponse Synced(ClassicGroup group, ClassicMember member) => new()
    {
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Assignment = member.Assignment,
    };

    public static List<JoinGroupResponse.JoinGroupResponseMember> Members(ClassicGroup group) =>
        [.. group.Members.Select(member => new JoinGroupResponse.JoinGroupResponseMember
        {
            MemberId = member.Id,
            GroupInstanceId = member.InstanceId,
            Metadata = member.MetadataFor(group.ProtocolName),
        })];
}
