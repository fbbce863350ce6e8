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

        TimeSpan sweep = services.Limits.IdleMs < 0
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Clamp(services.Limits.IdleMs / 4, 10, 30_000));
        _idleTimer = services.Time.CreateTimer(_ => CloseIdle(), null, sweep, sweep);
        services.Quota.Register(listener.Name, CloseOldest);
    }

    /// <summary>The port that was bound; another one than configured where that is 0.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public string Name => _listener.Name;

    public int ConnectionCount => _connections.Count;

    /// <summary>The connections of now. Any thread.</summary>
    public IEnumerable<ConnectionView> Connections => _connections.Values.Select(entry => entry.Connection.View);

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
            await Task.WhenAny(_services.Quota.WaitForSlotAsync(_listener.Name), _stopped.Task);
            try
            {
                await AdmitAsync(await _socket.AcceptAsync());
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

    /// <summary>Serves a connection, unless its address has too many or makes them too fast (KIP-612).</summary>
    private async ValueTask AdmitAsync(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote)
        {
            socket.Dispose();
            return;
        }

        ConnectionQuota quota = _services.Quota;
        IPAddress address = remote.Address.IsIPv4MappedToIPv6 ? remote.Address.MapToIPv4() : remote.Address;
        long waitMs = quota.Rates.Admit(quota.Limits, _listener.Name, _services.Time.MonotonicMs());
        long closeAfterMs = quota.Rates.AdmitAddress(
            quota.Limits, _listener.Name, address.ToString(), _services.Time.MonotonicMs());
        if (closeAfterMs > 0)
        {
            BrokerLog.ConnectionsTooFast(_services.Logger, _listener.Name, address, closeAfterMs);
            _ = CloseLaterAsync(socket, closeAfterMs);
            return;
        }

        if (waitMs > 0)
        {
            BrokerLog.AcceptThrottled(_services.Logger, _listener.Name, waitMs);
            await Task.WhenAny(
                Task.Delay(TimeSpan.FromMilliseconds(waitMs), _services.Time), _stopped.Task);
        }

        if (_isStopped || !quota.TryAdd(_listener.Name, address))
        {
            BrokerLog.TooManyConnections(_services.Logger, _listener.Name, address);
            socket.Dispose();
            return;
        }

        Serve(socket, address, remote.Port);
    }

    /// <summary>A client that was closed at once would come again at once.</summary>
    private async Task CloseLaterAsync(Socket socket, long afterMs)
    {
        await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(afterMs), _services.Time), _stopped.Task);
        socket.Dispose();
    }

    private void Serve(Socket socket, IPAddress address, int port)
    {
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
            _services.NextConnectionId(), _listener.Name, _listener.Kind, address.ToString())
        {
            ClientPort = port,
        };
        SocketConnection connection = new(
            _services.Around(new SocketStream(socket)), _listener.Processor, context, _services);
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
            _services.Quota.Remove(_listener.Name, address);
        }
    }

    /// <summary>Makes room for a connection of the brokers. False when there is none to close.</summary>
    private bool CloseOldest()
    {
        SocketConnection? oldest = _connections.Values.Select(static one => one.Connection)
            .MinBy(static connection => connection.LastActiveMs);
        if (oldest is null)
        {
            return false;
        }

        BrokerLog.ConnectionMadeRoom(_services.Logger, oldest.Context.Id, oldest.Context.ClientHost);
        oldest.CloseConnection();
        return true;
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
