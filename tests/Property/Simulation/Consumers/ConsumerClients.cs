using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Groups;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Consumers;

/// <summary>Groups of the consumers of src/Client: eager, cooperative and by KIP-848, with static members among them.
/// </summary>
internal sealed class ConsumerClients : IClusterWorkload
{
    private const int FirstClientId = 100;
    private const string Input = "in";
    private const int Partitions = 5;

    private readonly SimWorld _world;
    private readonly IReadOnlyList<ClusterMachine> _machines;
    private readonly int[] _nodeIds;
    private readonly Prng _chance;
    private readonly CoordinatorProbe _probe;
    private readonly CoordinatorAdmin _admin;
    private readonly List<ModelProducer> _producers = [];
    private readonly List<ClientGroup> _groups = [];
    private readonly Action<PartitionId, long> _acknowledged;
    private bool _isDraining;
    private int _nextClientId = FirstClientId;

    public ConsumerClients(
        SimWorld world, IReadOnlyList<ClusterMachine> machines, Action<PartitionId, long> acknowledged)
    {
        _world = world;
        _machines = machines;
        _nodeIds = [.. machines.Select(machine => machine.Id)];
        _chance = world.Chance.Fork();
        _acknowledged = acknowledged;
        _probe = new CoordinatorProbe(world, NameOf);
        SimClient client = NewClient();
        _admin = new CoordinatorAdmin(
            client, new ClusterView(client, _nodeIds), new SortedDictionary<string, int> { [Input] = Partitions },
            OnTopic);
        client.Start(_admin.RunAsync);
    }

    public ConsumerMistake Mistake { get; init; }

    public ClientHistory History { get; } = new();

    public IReplicaObserver Observer => _probe;

    public bool AreDone => Waiting.Length == 0;

    public string Waiting => string.Join("; ", WhoWaits());

    private static IEnumerable<PartitionId> Inputs =>
        Enumerable.Range(0, Partitions).Select(index => new PartitionId(Input, index));

    public void Drain()
    {
        _isDraining = true;
        _admin.IsDraining = true;
        _producers.ForEach(producer => producer.IsDraining = true);
        foreach (ClientMember member in _groups.SelectMany(group => group.Members))
        {
            member.IsDraining = true;
        }
    }

    public void Conclude()
    {
        foreach ((string group, PartitionId partition, long offset) in _probe.Offsets.All)
        {
            History.Operations.Fetched(group, partition, offset, History.Operations.Now, isFinal: true);
        }
    }

    /// <summary>A group that has committed everything has also been given everything.</summary>
    public IEnumerable<(string Property, string What)> Broken()
    {
        string[] input =
        [
            .. from reading in History.Operations.Readings
               where reading is { IsFinal: true, Isolation: Isolation.ReadCommitted }
                   && reading.Partition.Topic == Input
               from record in reading.Records
               select record.Value,
        ];
        return
            from ClientGroup @group in _groups
            from value in input
            where !@group.Members.Any(member => member.Taken.Contains(value))
            select ("each record of the input is processed", $"{@group.Name} has passed over {value}");
    }

    private IEnumerable<string> WhoWaits()
    {
        if (!_admin.IsDone)
        {
            yield return "admin";
        }

        foreach (ModelProducer producer in _producers.Where(producer => !producer.IsDone))
        {
            yield return producer.State;
        }

        foreach (ClientGroup group in _groups.Where(group => !group.HasConverged(Inputs, EndOf)))
        {
            yield return group.ToString();
        }
    }

    private string NameOf(Uuid topicId) => _machines.Select(machine => machine.Image?.Topics)
        .Select(topics => topics is not null && topics.TryGet(topicId, out TopicImage? topic) ? topic.Name : null)
        .FirstOrDefault(name => name is not null) ?? topicId.ToString();

    private long EndOf(PartitionId id) => _machines.SelectMany(machine => machine.Partitions)
        .Where(partition => partition.View.IsLeader && partition.TopicPartition.Topic == id.Topic
            && partition.TopicPartition.Partition == id.Partition)
        .Select(partition => partition.Log.LogEndOffset).DefaultIfEmpty(-1).Max();

    private void OnTopic()
    {
        foreach (PartitionId partition in Inputs)
        {
            SimClient client = NewClient();
            ModelProducer producer = new(
                client, new ClusterView(client, _nodeIds), History, partition, acks: -1, isIdempotent: true)
            {
                Acknowledged = _acknowledged,
                IsDraining = _isDraining,
                LongestPauseMs = 800,
            };
            _producers.Add(producer);
            client.Start(producer.RunAsync);
        }

        AddGroup("eager", options => options with
        {
            Assignors = [Planted(_chance.Below(2) == 0 ? PartitionAssignors.Sticky : PartitionAssignors.RoundRobin)],
        });
        AddGroup("cooperative", options => options with { Assignors = [PartitionAssignors.CooperativeSticky] });
        AddGroup("modern", options => options with { GroupProtocol = GroupProtocol.Consumer });
    }

    private void AddGroup(string name, Func<ConsumerOptions, ConsumerOptions> with)
    {
        ConsumerOptions options = with(ClientMember.Options(
            name, _nodeIds, SimNetwork.NameOf, ClusterSetup.BrokerPort));
        List<ClientMember> members = [];
        int count = _chance.Between(2, 3);
        for (int i = 0; i < count; i++)
        {
            SimClient client = NewClient();
            ClientMember member = new(
                client, History, new GroupTopic(name, Input, Partitions),
                options with { GroupInstanceId = _chance.Below(4) == 0 ? $"static-{i}" : null })
            {
                IsDraining = _isDraining,
                CommitsAhead = Mistake == ConsumerMistake.CommitsAhead,
            };
            members.Add(member);
            client.Start(member.RunAsync);
        }

        _groups.Add(new ClientGroup(name, members));
    }

    private IPartitionAssignor Planted(IPartitionAssignor assignor) => Mistake == ConsumerMistake.TwoOwners
        ? new TwoOwnersAssignor(assignor, new TopicPartition(Input, 0))
        : assignor;

    private SimClient NewClient() => new(_world, _nextClientId++, ClusterSetup.BrokerPort);
}
