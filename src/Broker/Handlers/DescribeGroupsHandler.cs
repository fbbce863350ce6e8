using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// DescribeGroups v0-6. v3 authorized operations; v4 instance ids; v6 tells missing groups by an error.
/// </summary>
internal sealed class DescribeGroupsHandler(GroupAdmin groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var describe = (DescribeGroupsRequest)request;
        DescribeGroupsResponse response = new();
        foreach (string groupId in describe.Groups)
        {
            DescribeGroupsResponse.DescribedGroup described = await groups.DescribeAsync(groupId, context.Version);
            if (describe.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None)
            {
                described.AuthorizedOperations = Handlers.AuthorizedOperations.OfGroup;
            }

            response.Groups.Add(described);
        }

        return response;
    }
}
