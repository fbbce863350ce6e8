using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// The clients of one run: an administrator, and producers and a consumer for each partition it makes.
/// </summary>
internal sealed class ClusterClients : IClusterWorkload
{
    private const int FirstClientId = 100;
    private readonly SimWorld _world;
    private readonly int[] _nodeIds;
    private readonly Prng _chance;
    private readonly ModelAdmin _admin;
    private readonly List<ModelProducer> _producers = [];
    private readonly List<ModelConsumer> _consumers = [];
    private readonly Action<PartitionId, long> _acknowledged;
    private bool _isDraining;
    private int _nextClientId = FirstClientId;

    public ClusterClients(SimWorld world, int nodeCount, Action<PartitionId, long> acknowledged)
    {
        _world = world;
        _nodeIds = [.. Enumerable.Range(0, nodeCount)];
        _chance = world.Chance.Fork();
        _acknowledged = acknowledged;
        SimClient client = NewClient();
        _admin = new ModelAdmin(client, new ClusterView(client, _nodeIds), History, (short)Math.Min(3, nodeCount))
        {
            PartitionCreated = OnPartition,
            NodeIds = world.Reassigns ? _nodeIds : null,
        };
        client.Start(_admin.RunAsync);
    }

    public ClientHistory History { get; } = new();

    public IReplicaObserver? Observer => null;

    public bool AreDone => _admin.IsDone && _producers.TrueForAll(producer => producer.IsDone);

    /// <summary>Who is not done, for a message.</summary>
    public string Waiting => string.Join(
        "; ",
        _producers.Where(producer => !producer.IsDone).Select(producer => producer.State)
            .Prepend(_admin.IsDone ? "" : "admin: " + _admin.State));

    /// <summary>No new work: what is under way is finished.</summary>
    public void Drain()
    {
        _isDraining = true;
        _admin.IsStopping = true;
        _producers.ForEach(producer => producer.IsDraining = true);
    }

    public void Conclude()
    {
    }

    public IEnumerable<(string Property, string What)> Broken() => [];

    private void OnPartition(PartitionId partition)
    {
        AddProducer(partition, acks: -1, isIdempotent: true);
        switch (_chance.Below(4))
        {
            case 0:
                AddProducer(partition, acks: -1, isIdempotent: false);
                break;
            case 1:
                AddProducer(partition, acks: 1, isIdempotent: false);
                break;
            case 2:
                AddProducer(partition, acks: -1, isIdempotent: true);
                break;
            default:
                break;
        }

        SimClient client = NewClient();
        var consumer = new ModelConsumer(client, new ClusterView(client, _nodeIds), History, partition);
        _consumers.Add(consumer);
        client.Start(consumer.RunAsync);
    }

    private void AddProducer(PartitionId partition, short acks, bool isIdempotent)
    {
        SimClient client = NewClient();
        var producer = new ModelProducer(
            client, new ClusterView(client, _nodeIds), History, partition, acks, isIdempotent)
        {
            Acknowledged = _acknowledged,
            IsDraining = _isDraining,
        };
        _producers.Add(producer);
        client.Start(producer.RunAsync);
    }

    private SimClient NewClient() => new(_world, _nextClientId++, ClusterSetup.BrokerPort);
}
