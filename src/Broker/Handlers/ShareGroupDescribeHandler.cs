using KRaftSharp.Broker.Groups.Share;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Sharing;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ShareGroupDescribe v1 (KIP-932).</summary>
internal sealed class ShareGroupDescribeHandler(ShareGroupCoordinator groups, ShareGroups shares) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var describe = (ShareGroupDescribeRequest)request;
        ShareGroupDescribeResponse response = new();
        foreach (string groupId in describe.GroupIds)
        {
            ShareGroupDescribeResponse.DescribedGroup described = shares.IsEnabled
                ? await groups.DescribeAsync(groupId)
                : new() { GroupId = groupId, ErrorCode = ErrorCode.UnsupportedVersion };
            if (describe.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None)
            {
                described.AuthorizedOperations = AuthorizedOperations.OfGroup;
            }

            response.Groups.Add(described);
        }

        return response;
    }
}
