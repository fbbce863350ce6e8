using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Heartbeat v0-4. v3 static members.</summary>
internal sealed class HeartbeatHandler(GroupCoordinator groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        new HeartbeatResponse { ErrorCode = await groups.HeartbeatAsync((HeartbeatRequest)request) };
}
