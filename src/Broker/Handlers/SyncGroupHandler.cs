using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>SyncGroup v0-5. v3 static members; v5 protocol type and name, which are required (KIP-559).</summary>
internal sealed class SyncGroupHandler(GroupCoordinator groups) : IRequestHandler
{
    private const short NeedsProtocol = 5;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var sync = (SyncGroupRequest)request;
        if (context.Version >= NeedsProtocol && (sync.ProtocolType is null || sync.ProtocolName is null))
        {
            return new SyncGroupResponse { ErrorCode = ErrorCode.InconsistentGroupProtocol };
        }

        return await groups.SyncAsync(sync);
    }
}
