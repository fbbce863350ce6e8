using System.Net;
using System.Net.Sockets;
using KRaftSharp.Broker.Config;
using KRaftSharp.Broker.Hosting;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Quorum.Controller;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Integration;

/// <summary>A single node in this process, with real sockets and files, on ports that were free.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly string _directory;
    private readonly KafkaServer _server;

    private TestServer(string directory, NodeConfig config)
    {
        _directory = directory;
        ClientPort = config.Listeners[0].Port;
        ControllerPort = config.Listeners.Count > 1 ? config.Listeners[1].Port : -1;
        _server = new KafkaServer(config, NullLoggerFactory.Instance, error => Fault = error);
    }

    public int ClientPort { get; }

    /// <summary>-1 of a node that is a broker alone.</summary>
    public int ControllerPort { get; }

    /// <summary>Where the admin endpoint listens, if it was configured.</summary>
    public Uri AdminAddress => new(_server.AdminAddresses[0]);

    /// <summary>What would have ended the process.</summary>
    public Exception? Fault { get; private set; }

    public static async Task<TestServer> StartAsync(params (string Key, string Value)[] overrides)
    {
        string directory = Directory.CreateTempSubdirectory("kraftsharp-test-").FullName;
        (int client, int controller) = (FreePort(), FreePort());
        Dictionary<string, string> properties = new()
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.voters"] = $"1@127.0.0.1:{controller}",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
            ["controller.listener.names"] = "CONTROLLER",
            ["log.dirs"] = directory,
        };
        foreach ((string key, string value) in overrides)
        {
            properties[key] = value;
        }

        NodeConfig config = NodeConfig.Parse(properties);
        StorageFormatter.Format(
            new DiskStorage(), config,
            new StorageFormat(new Prng(1).NextUuid().ToString(), Bootstrap.LatestProduction));
        TestServer server = new(directory, config);
        await server._server.StartAsync();
        return server;
    }

    /// <summary>Another broker for the cluster whose controller a server is.</summary>
    public static Task<TestServer> StartBrokerAsync(
        int id, TestServer controller, params (string Key, string Value)[] overrides) => StartAsync(
        [
            ("process.roles", "broker"), ("node.id", $"{id}"),
            ("controller.quorum.voters", $"1@127.0.0.1:{controller.ControllerPort}"),
            ("listeners", $"PLAINTEXT://127.0.0.1:{FreePort()}"), .. overrides,
        ]);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        Assert.Null(Fault);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
