using System.Globalization;
using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>A machine that runs a whole node, controller and broker.</summary>
internal sealed class ClusterMachine(SimWorld world, int id, ClusterSetup setup)
    : SimMachine(world, id)
{
    private long _connections;

    public KafkaNode? Node { get; private set; }

    public MetadataImage? Image => Node?.Image;

    public IReadOnlyList<Partition> Partitions => Node?.Replicas?.Partitions ?? [];

    public RaftView? QuorumView
    {
        get
        {
            if (Node?.Quorum is not { } quorum)
            {
                return null;
            }

            LeaderAndEpoch leader = quorum.Leader;
            // Before it has read its disk it says nothing of itself.
            return leader.Epoch == 0
                ? null
                : new RaftView(Id, Life, leader.Epoch, leader.LeaderId ?? -1,
                    quorum.LatestSnapshotId?.EndOffset ?? 0, quorum.HighWatermark, quorum.LogEndOffset);
        }
    }

    /// <summary>The broker has been unfenced in this life.</summary>
    public bool HasStarted { get; private set; }

    protected override void Launch(SimProcess process)
    {
        setup.Format(process.Storage, Id);
        var environment = new NodeEnvironment(
            process.Storage, process.Transport, process.Time, process.Chance, new SimLoggerFactory(this, World))
        {
            Fault = OnFault,
            Planted = World.Planted,
        };
        var node = new KafkaNode(environment, setup.ConfigOf(Id));
        foreach (NodeListener listener in node.Listeners)
        {
            process.Host.Listeners[listener.Port] = new PipelineListener(
                listener, process.Context, () => ++_connections);
        }

        Node = node;
        _ = Guard(StartAsync(node));
    }

    protected override Task ShutdownAsync() => Node?.ShutdownAsync() ?? Task.CompletedTask;

    protected override void Forget()
    {
        Node = null;
        HasStarted = false;
    }

    private async Task StartAsync(KafkaNode node)
    {
        await node.StartAsync();
        HasStarted = true;
        Say(string.Create(CultureInfo.InvariantCulture, $"serves (life {Life})"));
    }
}
