using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Admin.V1;

/// <summary>Who is connected: to this node, and to all.</summary>
internal sealed class ConnectionRoutes(AdminServices services)
{
    private const string Own = "/v1/node/connections";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/v1/connections", AdminRole.Reader, "The connections of clients and nodes to every broker.",
            async _ => AdminReply.Ok<IReadOnlyList<NodeConnections>>(
                await services.Peers.AskAllAsync(Own, Here, AdminJson.Default.NodeConnections),
                AdminJson.Default.IReadOnlyListNodeConnections))
        { Answer = AdminJson.Default.IReadOnlyListNodeConnections },
        new("GET", Own, AdminRole.Reader, "The connections to this node's listeners.",
            _ => new(AdminReply.Ok(Here(), AdminJson.Default.NodeConnections)))
        { Answer = AdminJson.Default.NodeConnections },
    ];

    private NodeConnections Here() => new(
        services.Node.Config.NodeId,
        [.. services.Listeners.SelectMany(listener => listener.Connections).OrderBy(connection => connection.Id)]);
}

internal sealed record NodeConnections(int Node, IReadOnlyList<ConnectionView> Connections);
