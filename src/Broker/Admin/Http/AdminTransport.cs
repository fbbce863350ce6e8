using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>Gives Kestrel the connections of listeners that are bound already.</summary>
internal sealed class AdminTransport(IReadOnlyList<AdminListener> listeners) : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Taken(listeners.First(listener => listener.LocalEndPoint.Equals(endpoint))));

    private sealed class Taken(AdminListener listener) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _contexts =
            new(new SocketConnectionFactoryOptions(), NullLogger.Instance);

        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => listener.LocalEndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            using CancellationTokenSource stop =
                CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
            try
            {
                while (await listener.Accepted.WaitToReadAsync(stop.Token))
                {
                    if (listener.Accepted.TryRead(out Socket? socket))
                    {
                        return _contexts.Create(socket);
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.Cancel();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            _contexts.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
