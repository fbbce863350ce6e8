using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DeleteGroups v0-3. v3 messages.</summary>
internal sealed class DeleteGroupsHandler(GroupAdmin groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        DeleteGroupsResponse response = new();
        foreach (string groupId in ((DeleteGroupsRequest)request).GroupsNames.Distinct(StringComparer.Ordinal))
        {
            response.Results.Add(new DeleteGroupsResponse.DeletableGroupResult
            {
                GroupId = groupId,
                ErrorCode = await groups.DeleteAsync(groupId),
            });
        }

        return response;
    }
}
