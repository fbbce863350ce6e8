using System.Globalization;
using System.Net;
using System.Net.Sockets;
using KRaftSharp.Broker.Config;

namespace KRaftSharp.Testing.Nodes;

/// <summary>Configurations of the nodes of one test cluster: ports that are free, and whatever makes it
/// quick.</summary>
internal static class NodeSetup
{
    // Below what systems give to outgoing connections, so that nobody takes the port of a node that was stopped.
    private const int LeastPort = 20_000;
    private const int MostPort = 32_000;

    /// <param name="directoryOf">Where a node keeps its files.</param>
    public static IReadOnlyList<NodeConfig> Configs(TestClusterOptions options, Func<int, string> directoryOf)
    {
        (int Client, int Controller)[] ports =
            [.. Enumerable.Range(0, options.Nodes).Select(_ => (FreePort(), FreePort()))];
        string voters = string.Join(',', ports.Select((port, i) => $"{i + 1}@127.0.0.1:{port.Controller}"));
        return
        [
            .. ports.Select((port, i) => NodeConfig.Parse(
                Properties(options, i + 1, port.Client, port.Controller, voters, directoryOf(i + 1)))),
        ];
    }

    private static Dictionary<string, string> Properties(
        TestClusterOptions options, int id, int client, int controller, string voters, string directory)
    {
        string replicas = options.Nodes >= 3 ? "3" : "1";
        string inSync = options.Nodes >= 3 ? "2" : "1";
        Dictionary<string, string> properties = new(StringComparer.Ordinal)
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = id.ToString(CultureInfo.InvariantCulture),
            ["controller.quorum.voters"] = voters,
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
            ["controller.listener.names"] = "CONTROLLER",
            ["log.dirs"] = directory,
            ["default.replication.factor"] = replicas,
            ["min.insync.replicas"] = inSync,
            ["offsets.topic.replication.factor"] = replicas,
            ["offsets.topic.num.partitions"] = "1",
            ["transaction.state.log.replication.factor"] = replicas,
            ["transaction.state.log.min.isr"] = inSync,
            ["transaction.state.log.num.partitions"] = "1",
            ["share.coordinator.state.topic.replication.factor"] = replicas,
            ["share.coordinator.state.topic.min.isr"] = inSync,
            ["share.coordinator.state.topic.num.partitions"] = "1",
            // A test's group does not wait for members that may still come.
            ["group.initial.rebalance.delay.ms"] = "0",
            ["group.min.session.timeout.ms"] = "100",
            // Memory that a partition takes.
            ["log.index.size.max.bytes"] = "65536",
            ["log.retention.check.interval.ms"] = "1000",
            ["controller.quorum.election.timeout.ms"] = "200",
            ["controller.quorum.election.backoff.max.ms"] = "100",
        };
        foreach ((string key, string value) in options.Properties)
        {
            properties[key] = value;
        }

        return properties;
    }

    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(LeastPort, MostPort);
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody's.
            }
        }
    }
}
