using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Handlers;

/// <summary>Who sends a group request, as groups keep it.</summary>
internal static class GroupClients
{
    public static GroupClient Of(RequestContext context) =>
        new(context.ClientId, "/" + context.ClientHost, context.Version, context.ConnectionId);
}
