using System.Net;
using System.Net.Sockets;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Hosting;

/// <summary>A node with real files, sockets and time.</summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private readonly List<SocketListener> _listeners = [];
    private readonly ILogger _logger;
    private readonly AdminPart _admin;
    private readonly ServerSeams _seams;

    /// <param name="fault">Called at most once, with what makes it impossible to go on.</param>
    /// <param name="levels">Those of <paramref name="loggers"/>, where they can be changed.</param>
    /// <exception cref="NodeConfigException">The storage is not formatted for this node.</exception>
    public KafkaServer(
        NodeConfig config, ILoggerFactory loggers, Action<Exception> fault, LogLevels? levels = null)
        : this(config, loggers, fault, levels, ServerSeams.None)
    {
    }

    internal KafkaServer(
        NodeConfig config, ILoggerFactory loggers, Action<Exception> fault, LogLevels? levels, ServerSeams seams)
    {
        _seams = seams;
        TimeProvider time = seams.Time;
        _logger = loggers.CreateLogger("kraftsharp.server");
        AdminOptions admin = AdminOptions.From(config);
        ITransport transport = seams.Transport(new SocketTransport(
            $"node-{config.NodeId}", time, loggers.CreateLogger("kraftsharp.transport")));
        Prng chance = new((ulong)Random.Shared.NextInt64());
        NodeEnvironment environment = new(seams.Storage, transport, time, chance, loggers)
        {
            Fault = fault,
            LogLevels = levels ?? new LogLevels(),
        };
        Node = new KafkaNode(environment, config);
        _admin = new AdminPart(admin, Node, transport, loggers, _listeners);
    }

    public KafkaNode Node { get; }

    /// <summary>The ports that were bound, by listener; useful where port 0 was asked for.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; private set; } = new Dictionary<string, int>();

    /// <summary>Where the admin HTTP endpoint listens; empty where it is not configured.</summary>
    public IReadOnlyList<string> AdminAddresses => _admin.Addresses;

    /// <summary>Opens the listeners and joins; completes when the node serves.</summary>
    /// <exception cref="NodeConfigException">An address cannot be bound.</exception>
    public async Task StartAsync()
    {
        // Controllers and brokers have limits of their own, as if they were two processes.
        Dictionary<ListenerKind, ListenerServices> services = Node.Listeners.Select(static listener => listener.Kind)
            .Distinct().ToDictionary(static kind => kind, ServicesOf);
        DynamicLimits dynamic = new(Node.Config, [.. services.Values.Select(static one => one.Quota)]);
        dynamic.ApplyFile();
        Dictionary<string, int> ports = new(StringComparer.Ordinal);
        foreach (NodeListener listener in Node.Listeners)
        {
            SocketListener socket = await BindAsync(listener, services[listener.Kind]);
            _listeners.Add(socket);
            ports[listener.Name] = socket.Port;
            listener.Processor.Intercept = _seams.Intercept;
            socket.Start();
        }

        Ports = ports;
        Node.Subscribe(dynamic);
        _admin.Start();
        await Node.StartAsync();
        _admin.OnJoined();
    }

    /// <summary>Controlled shutdown; the listeners serve until leadership has been handed over.</summary>
    public async ValueTask DisposeAsync()
    {
        await Node.ShutdownAsync();
        await _admin.DisposeAsync();
        foreach (SocketListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    /// <summary>Closes all sockets at once, as the end of a process does; the node itself is left as it is.</summary>
    internal async Task CloseSocketsAsync()
    {
        foreach (SocketListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    private async Task<SocketListener> BindAsync(NodeListener listener, ListenerServices services)
    {
        try
        {
            IPAddress address = await ResolveAsync(listener.Host);
            SocketListener socket = new(listener, address, services);
            BrokerLog.Listening(_logger, listener.Name, address, socket.Port);
            return socket;
        }
        catch (SocketException error)
        {
            throw new NodeConfigException(
                $"Invalid value {listener.Name}://{listener.Host}:{listener.Port} for configuration listeners: "
                + $"it cannot be bound ({error.SocketErrorCode})", error);
        }
    }

    private static async Task<IPAddress> ResolveAsync(string host)
    {
        if (host.Length == 0)
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        return IPAddress.TryParse(host, out IPAddress? address) ? address : (await Dns.GetHostAddressesAsync(host))[0];
    }

    private ListenerServices ServicesOf(ListenerKind kind)
    {
        NodeConfig config = Node.Config;
        bool isAlone = Node.Listeners.Count(listener => listener.Kind == kind) < 2;
        string? brokers = kind == ListenerKind.Broker && !isAlone ? config.InterBrokerListener : null;
        ListenerLimits limits = LimitsOf(config);
        return new ListenerServices(
            limits, new BufferBudget(limits.QueuedMaxRequestBytes),
            new ConnectionQuota(new ConnectionRates(NodeSettings.Windows(config, "quota"), brokers), brokers),
            _seams.Time, _logger)
        {
            Around = _seams.Connection,
        };
    }

    private static ListenerLimits LimitsOf(NodeConfig config) => new()
    {
        RequestMaxBytes = config.GetInt("socket.request.max.bytes"),
        IdleMs = config.GetLong("connections.max.idle.ms"),
        QueuedMaxRequests = config.GetInt("queued.max.requests"),
        QueuedMaxRequestBytes = config.GetLong("queued.max.request.bytes"),
        Backlog = config.GetInt("socket.listen.backlog.size"),
        SendBufferBytes = BufferBytes(config, "socket.send.buffer.bytes"),
        ReceiveBufferBytes = BufferBytes(config, "socket.receive.buffer.bytes"),
    };

    /// <summary>
    /// Only what was set: the system's own sizes grow with need, and Kafka's default of 100 KiB would stop that.
    /// </summary>
    private static int? BufferBytes(NodeConfig config, string key) =>
        config.IsSet(key) && config.GetInt(key) > 0 ? config.GetInt(key) : null;
}
