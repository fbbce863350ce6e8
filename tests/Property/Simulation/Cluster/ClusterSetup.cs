using System.Globalization;
using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Groups;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>The configuration of one simulated cluster, some of it drawn.</summary>
internal sealed class ClusterSetup
{
    public const int BrokerPort = 9092;
    public const int ControllerPort = 9093;
    public const string Directory = "/data";
    private readonly int _count;
    private readonly Prng _chance;
    private readonly Uuid[] _directories;
    private readonly string _rollMs;
    private readonly string _fetchBytes;
    private readonly string _snapshotBytes;

    private readonly bool _hasCoordinators;

    /// <param name="hasCoordinators">Whether groups and transactions are to be quick: their sessions, delays and
    /// timeouts are a second or two.</param>
    public ClusterSetup(SimWorld world, bool hasCoordinators = false)
    {
        _hasCoordinators = hasCoordinators;
        _count = world.Scenario.NodeCount;
        _chance = world.Chance.Fork();
        _rollMs = Text(_chance.Between(500, 8000));
        // Now and then so few bytes that catching up takes many fetches.
        _fetchBytes = Text(_chance.Below(2) == 0 ? 1 << 20 : _chance.Between(200, 2000));
        _snapshotBytes = Text(_chance.Between(2, 40) * 1000);
        _directories = [.. Enumerable.Range(0, _count).Select(_ => _chance.NextUuid())];
        ClusterId = _chance.NextUuid().ToString();
    }

    public string ClusterId { get; }

    public NodeConfig ConfigOf(int id) => NodeConfig.Parse(PropertiesOf(id));

    /// <summary>What 'storage format' does, on a new machine.</summary>
    public void Format(IStorage storage, int id)
    {
        if (!storage.DirectoryExists(Directory))
        {
            storage.CreateDirectory(Directory);
            storage.SyncDirectory("/");
            new MetaProperties(ClusterId, id, _directories[id]).Write(storage, Directory);
        }
    }

    private Dictionary<string, string> PropertiesOf(int id)
    {
        string voters = string.Join(
            ',',
            Enumerable.Range(0, _count).Select(voter => $"{voter}@{SimNetwork.NameOf(voter)}:{ControllerPort}"));
        string host = SimNetwork.NameOf(id);
        var properties = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = Text(id),
            ["controller.quorum.voters"] = voters,
            ["controller.listener.names"] = "CONTROLLER",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ["listeners"] = $"PLAINTEXT://{host}:{BrokerPort},CONTROLLER://{host}:{ControllerPort}",
            ["advertised.listeners"] = $"PLAINTEXT://{host}:{BrokerPort},CONTROLLER://{host}:{ControllerPort}",
            ["log.dirs"] = Directory,
            ["default.replication.factor"] = "3",
            ["min.insync.replicas"] = "2",
            ["auto.create.topics.enable"] = "false",
            // Small enough that indexes are cheap to map, segments roll and snapshots are taken within seconds.
            ["log.index.size.max.bytes"] = "1024",
            ["log.index.interval.bytes"] = "64",
            ["log.roll.ms"] = _rollMs,
            ["log.segment.delete.delay.ms"] = "1000",
            ["metadata.log.max.record.bytes.between.snapshots"] = _snapshotBytes,
            ["replica.fetch.max.bytes"] = _fetchBytes,
            ["replica.fetch.response.max.bytes"] = _fetchBytes,
            ["replica.lag.time.max.ms"] = "4000",
            ["broker.session.timeout.ms"] = "4000",
            ["broker.heartbeat.interval.ms"] = "1000",
            ["replica.high.watermark.checkpoint.interval.ms"] = "1000",
        };
        return _hasCoordinators ? WithCoordinators(properties) : properties;
    }

    private static Dictionary<string, string> WithCoordinators(Dictionary<string, string> properties)
    {
        foreach (string topic in (string[])["offsets.topic", "transaction.state.log"])
        {
            properties[topic + ".num.partitions"] = "2";
            properties[topic + ".replication.factor"] = "3";
        }

        properties["transaction.state.log.min.isr"] = "2";
        properties["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = "300";
        properties["group.initial.rebalance.delay.ms"] = "200";
        properties["group.min.session.timeout.ms"] = "500";
        properties["group.consumer.min.session.timeout.ms"] = "500";
        properties["group.consumer.session.timeout.ms"] = Text(ConsumerMembership.SessionTimeoutMs);
        properties["group.consumer.min.heartbeat.interval.ms"] = "100";
        properties["group.consumer.heartbeat.interval.ms"] = "400";
        properties["offsets.commit.timeout.ms"] = "2000";
        properties["leader.imbalance.check.interval.seconds"] = "4";
        return properties;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
