using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Network;

/// <summary>Accepts the connections of one listener and keeps them until they end.</summary>
internal sealed class SocketListener : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly NodeListener _listener;
    private readonly ListenerServices _services;
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<long, (SocketConnection Connection, Task Run)> _connections = new();
    private readonly ITimer _idleTimer;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _accepting = Task.CompletedTask;
    private volatile bool _isStopped;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public SocketListener(NodeListener listener, IPAddress address, ListenerServices services)
    {
        _listener = listener;
        _services = services;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Bind(new IPEndPoint(address, listener.Port));
            _socket.Listen(services.Limits.Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        TimeSpan sweep = TimeSpan.FromMilliseconds(Math.Clamp(services.Limits.IdleMs / 4, 10, 30_000));
        _idleTimer = services.Time.CreateTimer(_ => CloseIdle(), null, sweep, sweep);
    }

    /// <summary>The port that was bound; another one than configured where that is 0.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public int ConnectionCount => _connections.Count;

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Accepts no more, closes the connections and waits for their ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopped = true;
        _stopped.TrySetResult();
        _socket.Dispose();
        await _idleTimer.DisposeAsync();
        await _accepting;
        foreach ((SocketConnection connection, _) in _connections.Values)
        {
            connection.CloseConnection();
        }

        foreach ((_, Task run) in _connections.Values)
        {
            await run;
        }
    }

    private async Task AcceptAsync()
    {
        await Task.WhenAny(_listener.MayServe, _stopped.Task);
        await Task.Yield(); // off the strand that said so
        while (!_isStopped)
        {
            await _services.Quota.WaitForSlotAsync();
            try
            {
                Admit(await _socket.AcceptAsync());
            }
            catch (SocketException error) when (!_isStopped)
            {
                // Too many open files, or the peer went away before it was accepted.
                BrokerLog.AcceptFailed(_services.Logger, _listener.Name, error.SocketErrorCode);
                await Task.Delay(AcceptPause, _services.Time);
            }
            catch (Exception error) when (_isStopped && error is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Admit(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }

        IPAddress address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        if (!_services.Quota.TryAdd(address))
        {
            BrokerLog.TooManyConnections(_services.Logger, _listener.Name, address);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        if (_services.Limits.SendBufferBytes is { } send)
        {
            socket.SendBufferSize = send;
        }

        if (_services.Limits.ReceiveBufferBytes is { } receive)
        {
            socket.ReceiveBufferSize = receive;
        }

        ConnectionContext context = new(
            _services.NextConnectionId(), _listener.Name, _listener.Kind, address.ToString());
        SocketConnection connection = new(new SocketStream(socket), _listener.Processor, context, _services);
        _connections[context.Id] = (connection, Task.CompletedTask);
        Task run = RunAsync(connection, address);
        if (!run.IsCompleted)
        {
            _connections.TryUpdate(context.Id, (connection, run), (connection, Task.CompletedTask));
        }
    }

    private async Task RunAsync(SocketConnection connection, IPAddress address)
    {
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection.Context.Id, out _);
            _services.Quota.Remove(address);
        }
    }

    private void CloseIdle()
    {
        long beforeMs = _services.Time.MonotonicMs() - _services.Limits.IdleMs;
        foreach ((SocketConnection connection, _) in _connections.Values)
        {
            if (connection.IsIdleSince(beforeMs))
            {
                BrokerLog.ConnectionIdle(_services.Logger, connection.Context.Id, connection.Context.ClientHost);
                connection.CloseConnection();
            }
        }
    }
}
