using KRaftSharp.Client.Network;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Admin;

/// <summary>The parts of requests and answers about groups.</summary>
internal static class GroupRequests
{
    /// <summary>Members are named in a list since version 3 (KIP-345).</summary>
    public static VersionRange ManyLeaving => new(3, short.MaxValue);

    public static string NameOf(GroupType type) => type switch
    {
        GroupType.Consumer => "consumer",
        GroupType.Share => "share",
        GroupType.Streams => "streams",
        _ => "classic",
    };

    /// <summary>A broker before version 5 knows classic groups alone.</summary>
    public static List<GroupListing> Listings(ListGroupsResponse answer, int brokerId) =>
        [.. answer.Groups.Select(group => new GroupListing(
            group.GroupId, Parse(group.GroupType), group.GroupState, group.ProtocolType, brokerId))];

    private static GroupType Parse(string name) =>
        Enum.TryParse(name, ignoreCase: true, out GroupType type) ? type : GroupType.Unknown;
}
