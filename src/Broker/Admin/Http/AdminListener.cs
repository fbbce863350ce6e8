using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using KRaftSharp.Broker.Config;
using KRaftSharp.Quorum.Configs;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>One address of the admin endpoint: takes connections for a web server that starts with the first.</summary>
internal sealed class AdminListener : IAsyncDisposable
{
    private const int Backlog = 128;

    // A moment of a server that does not take what comes is a matter of the backlog.
    private const int MaxWaiting = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Channel<Socket> _accepted = Channel.CreateBounded<Socket>(MaxWaiting);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private AdminListener(Socket socket, bool isHttps)
    {
        _socket = socket;
        IsHttps = isHttps;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public bool IsHttps { get; }

    public IPEndPoint LocalEndPoint { get; }

    public string Url => $"{(IsHttps ? "https" : "http")}://{LocalEndPoint}";

    /// <summary>Connections that nobody has taken yet; ends with the listener.</summary>
    public ChannelReader<Socket> Accepted => _accepted.Reader;

    /// <exception cref="NodeConfigException">The address cannot be bound.</exception>
    public static AdminListener Bind(AdminEndpoint endpoint)
    {
        Socket socket = new(endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(endpoint.Address, endpoint.Port));
            socket.Listen(Backlog);
            return new AdminListener(socket, endpoint.IsHttps);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new NodeConfigException(
                $"Invalid value for configuration {OwnConfigs.AdminListeners}: Failed to bind to address {endpoint}: "
                + error.Message,
                error);
        }
    }

    /// <param name="wake">Makes sure that somebody takes connections; false: nobody will.</param>
    public void Start(Func<Task<bool>> wake) => _loop = AcceptAsync(wake);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _loop;
        while (_accepted.Reader.TryRead(out Socket? left))
        {
            left.Dispose();
        }

        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Task<bool>> wake)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket accepted = await _socket.AcceptAsync(_stop.Token);
                await HandOverAsync(accepted, wake);
            }
            catch (OperationCanceledException)
            {
            }
            catch (ObjectDisposedException)
            {
            }
            catch (SocketException)
            {
                // The peer is gone again, or there is no file handle left: the next try may do.
                await Task.Delay(Pause);
            }
        }

        _accepted.Writer.TryComplete();
    }

    private async Task HandOverAsync(Socket accepted, Func<Task<bool>> wake)
    {
        try
        {
            accepted.NoDelay = true;
            if (await wake())
            {
                await _accepted.Writer.WriteAsync(accepted, _stop.Token);
                return;
            }

            accepted.Dispose();
        }
        catch
        {
            accepted.Dispose();
            throw;
        }
    }
}
