using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Network;

/// <summary>Connections to other nodes over TCP.</summary>
public sealed class SocketTransport(string clientId, TimeProvider time, ILogger logger) : ITransport
{
    /// <inheritdoc/>
    public IRpcChannel Open(PeerEndpoint target, string purpose) =>
        new SocketChannel(target, purpose, clientId, time, logger);
}
