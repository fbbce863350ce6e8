using KRaftSharp.Broker.Admin;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Hosting;

/// <summary>The admin endpoint of a server, where one is configured.</summary>
internal sealed class AdminPart(
    AdminOptions options, KafkaNode node, ITransport transport, ILoggerFactory loggers,
    IReadOnlyList<SocketListener> listeners) : IAsyncDisposable
{
    private AdminServices? _services;
    private AdminServer? _server;

    /// <summary>Where it listens; empty where it is not configured.</summary>
    public IReadOnlyList<string> Addresses => _server?.Addresses ?? [];

    /// <exception cref="NodeConfigException">An address cannot be bound.</exception>
    public void Start()
    {
        if (options is { Endpoints.Count: 0, OtlpEndpoint: null })
        {
            return;
        }

        _services = new AdminServices(node, transport, TimeProvider.System, options, listeners);
        _server = new AdminServer(options, _services, loggers);
        _server.Start();
        ILogger logger = loggers.CreateLogger("kraftsharp.server");
        foreach (string address in _server.Addresses)
        {
            AdminLog.Listening(logger, address);
        }
    }

    /// <summary>The node serves.</summary>
    public void OnJoined() => _server?.StartExport();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _services?.Dispose();
    }
}
