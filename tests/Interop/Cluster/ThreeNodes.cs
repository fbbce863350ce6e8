using System.Net;
using System.Net.Sockets;

namespace KRaftSharp.Tests.Interop.Cluster;

/// <summary>Three nodes of scripts/cluster.sh on ports and in a folder of their own, for as long as a collection of
/// tests runs.</summary>
public class ThreeNodes : IAsyncLifetime
{
    public const int Count = 3;
    private const int PortStep = 3;

    // A member that was killed is missed within seconds.
    private const string QuickGroups = """
        group.consumer.min.session.timeout.ms=6000
        group.consumer.session.timeout.ms=6000
        group.consumer.min.heartbeat.interval.ms=500
        group.consumer.heartbeat.interval.ms=500

        """;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"kraftsharp-interop-{Guid.NewGuid():N}");
    private readonly int _portBase = FreePorts();

    /// <summary>All nodes, separated by commas.</summary>
    public string Bootstrap => string.Join(',', Enumerable.Range(1, NodeCount).Select(AddressOf));

    public string AddressOf(int node) => $"127.0.0.1:{_portBase + (node * PortStep)}";

    /// <summary>The admin HTTP endpoint of a node.</summary>
    public string AdminAddressOf(int node) => $"127.0.0.1:{_portBase + 2 + (node * PortStep)}";

    /// <summary>Where the nodes keep their files, or a place in it.</summary>
    public string PathOf(params string[] parts) => Path.Combine([_folder, .. parts]);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        string settings = Path.Combine(_folder, "settings");
        await File.WriteAllTextAsync(settings, Settings);
        await ScriptAsync(
            TimeSpan.FromMinutes(8), "up",
            [
                "--fresh", "--nodes", $"{NodeCount}", "--port-base", $"{_portBase}",
                "--controller-port-base", $"{_portBase + 1}", "--port-step", $"{PortStep}", "--config", settings,
                .. UpOptions(),
            ]);
    }

    public async Task DisposeAsync()
    {
        await ScriptAsync(TimeSpan.FromMinutes(2), "down");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync(int node) => ScriptAsync(TimeSpan.FromMinutes(1), "kill", $"{node}");

    public Task StartAsync(int node) => ScriptAsync(TimeSpan.FromMinutes(2), "start", $"{node}");

    /// <summary>Runs the project's own tool against the cluster.</summary>
    public Task<string> ToolAsync(params string[] arguments) => Shell.RunAsync(
        Repository.PathOf("scripts", "kraftsharp"), arguments, timeout: TimeSpan.FromMinutes(5),
        environment: new Dictionary<string, string> { ["KRAFTSHARP_BOOTSTRAP"] = Bootstrap });

    /// <summary>A topic with 6 partitions, three replicas and min.insync.replicas=2.</summary>
    public Task CreateTopicAsync(string name) => ToolAsync(
        "topics", "create", name, "--partitions", "6", "--replication-factor", "3", "--config",
        "min.insync.replicas=2");

    protected virtual int NodeCount => Count;

    /// <summary>Lines of every node's server.properties.</summary>
    protected virtual string Settings => QuickGroups;

    /// <summary>More options of the cluster.</summary>
    protected virtual string[] UpOptions() => [];

    private Task<string> ScriptAsync(TimeSpan timeout, string command, params string[] arguments) => Shell.RunAsync(
        Repository.PathOf("scripts", "cluster.sh"), [command, "--data", _folder, .. arguments], timeout: timeout);

    // Node i listens at base + 3i, its controller one above, its admin HTTP two.
    private static int FreePorts()
    {
        for (int attempt = 0; ; attempt++)
        {
            int start = Random.Shared.Next(20_000, 30_000);
            if (attempt == 50 || Enumerable.Range(start + PortStep, Count * PortStep).All(IsFree))
            {
                return start;
            }
        }
    }

    private static bool IsFree(int port)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            listener.Stop();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
