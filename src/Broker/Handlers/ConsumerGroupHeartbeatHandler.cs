using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ConsumerGroupHeartbeat v0-1 (KIP-848). v1 regular expressions, and member ids that clients choose.
/// </summary>
internal sealed class ConsumerGroupHeartbeatHandler(GroupCoordinator groups) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request) =>
        await groups.ConsumerHeartbeatAsync((ConsumerGroupHeartbeatRequest)request, GroupClients.Of(context));
}
