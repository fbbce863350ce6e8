using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// JoinGroup v0-9. v1 rebalance timeout; v4 member ids come first (KIP-394); v5 static members (KIP-345); v7 the
/// protocol type in the answer; v8 reasons; v9 assignments that may be skipped (KIP-814).
/// </summary>
internal sealed class JoinGroupHandler(GroupCoordinator groups) : IRequestHandler
{
    private const short WithNullProtocol = 7;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        JoinGroupResponse response = await groups.JoinAsync((JoinGroupRequest)request, GroupClients.Of(context));
        if (context.Version >= WithNullProtocol && response.ErrorCode != ErrorCode.None)
        {
            response.ProtocolName = null;
        }

        return response;
    }
}
