using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ListGroups v0-5. v4 states (KIP-518); v5 types (KIP-848).</summary>
internal sealed class ListGroupsHandler(GroupAdmin groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var list = (ListGroupsRequest)request;
        return await groups.ListAsync(list.StatesFilter, list.TypesFilter);
    }
}
