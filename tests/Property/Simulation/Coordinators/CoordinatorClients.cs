using KRaftSharp.History;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Groups;
using KRaftSharp.Tests.Property.Simulation.Transactions;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>
/// Groups of both protocols, transactional producers of both kinds, consume-transform-produce, read_committed readers:
/// some of them in each run.
/// </summary>
internal sealed class CoordinatorClients : IClusterWorkload
{
    private const int FirstClientId = 100;
    private const string Input = "in";
    private const string Output = "out";
    private static readonly SortedDictionary<string, int> Topics = new(StringComparer.Ordinal)
    {
        [Input] = 3,
        [Output] = 2,
    };

    private readonly SimWorld _world;
    private readonly IReadOnlyList<ClusterMachine> _machines;
    private readonly int[] _nodeIds;
    private readonly Prng _chance;
    private readonly CoordinatorProbe _probe;
    private readonly CoordinatorAdmin _admin;
    private readonly List<ModelProducer> _producers = [];
    private readonly List<TransactionalProducer> _transactional = [];
    private readonly List<ModelGroup> _groups = [];
    private readonly Action<PartitionId, long> _acknowledged;
    private bool _isDraining;
    private int _nextClientId = FirstClientId;

    public CoordinatorClients(
        SimWorld world, IReadOnlyList<ClusterMachine> machines, Action<PartitionId, long> acknowledged)
    {
        _world = world;
        _machines = machines;
        _nodeIds = [.. machines.Select(machine => machine.Id)];
        _chance = world.Chance.Fork();
        _acknowledged = acknowledged;
        _probe = new CoordinatorProbe(world, NameOf);
        SimClient client = NewClient(out ClusterView view);
        _admin = new CoordinatorAdmin(client, view, Topics, OnTopics);
        client.Start(_admin.RunAsync);
    }

    public ClientHistory History { get; } = new();

    public IReplicaObserver Observer => _probe;

    public bool AreDone => Waiting.Length == 0;

    public string Waiting => string.Join("; ", WhoWaits());

    private static IReadOnlyList<PartitionId> Inputs => PartitionsOf(Input);

    private static IReadOnlyList<PartitionId> Outputs => PartitionsOf(Output);

    public void Drain()
    {
        _isDraining = true;
        _admin.IsDraining = true;
        _producers.ForEach(producer => producer.IsDraining = true);
        _transactional.ForEach(producer => producer.IsDraining = true);
        foreach (GroupMember member in _groups.SelectMany(group => group.Members))
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

    public IEnumerable<(string Property, string What)> Broken()
    {
        foreach (ModelGroup group in _groups)
        {
            foreach (string missed in GroupOutcome.Missed(History.Operations, group, Inputs, Outputs))
            {
                yield return ("each record of the input is processed", missed);
            }
        }
    }

    private static PartitionId[] PartitionsOf(string topic) =>
        [.. Enumerable.Range(0, Topics[topic]).Select(index => new PartitionId(topic, index))];

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

        foreach (TransactionalProducer producer in _transactional.Where(producer => !producer.IsDone))
        {
            yield return producer.State;
        }

        if (_probe.OpenTransactions is { Length: > 0 } open)
        {
            yield return open;
        }

        foreach (ModelGroup group in _groups.Where(group => !group.HasConverged(EndOf)))
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

    private void OnTopics()
    {
        foreach (PartitionId partition in Inputs)
        {
            SimClient client = NewClient(out ClusterView view);
            var producer = new ModelProducer(client, view, History, partition, acks: -1, isIdempotent: true)
            {
                Acknowledged = _acknowledged,
                IsDraining = _isDraining,
                LongestPauseMs = 800,
            };
            _producers.Add(producer);
            client.Start(producer.RunAsync);
        }

        AddTransactional("shared", isV2: true, count: 2);
        AddTransactional("alone", isV2: _chance.Below(2) == 0, count: 1);
        AddTransactional("old", isV2: false, count: _chance.Between(1, 2));
        foreach (PartitionId partition in Outputs.Append(Inputs[0]))
        {
            SimClient client = NewClient(out ClusterView view);
            client.Start(new ModelConsumer(client, view, History, partition, Isolation.ReadCommitted).RunAsync);
        }

        if (_chance.Below(4) > 0)
        {
            AddGroup("classic", (client, view, finder, topic, progress, instance) =>
                new ClassicMembership(client, finder, History, progress, topic, instance));
        }

        if (_chance.Below(4) > 0)
        {
            AddGroup("modern", (client, view, finder, topic, _, instance) =>
                new ConsumerMembership(client, finder, view, History, topic, instance));
        }

        if (_chance.Below(4) > 0)
        {
            bool isV2 = _chance.Below(3) > 0;
            bool isModern = _chance.Below(2) == 0;
            AddGroup(
                "exactly-once",
                (client, view, finder, topic, progress, instance) => isModern
                    ? new ConsumerMembership(client, finder, view, History, topic, instance)
                    : new ClassicMembership(client, finder, History, progress, topic, instance),
                isV2);
        }
    }

    private void AddTransactional(string id, bool isV2, int count)
    {
        for (int i = 0; i < count; i++)
        {
            SimClient client = NewClient(out ClusterView view);
            var producer = new TransactionalProducer(
                client, new TransactionSession(client, view, History, id, isV2), [.. Outputs, .. Inputs])
            {
                IsDraining = _isDraining,
            };
            _transactional.Add(producer);
            client.Start(producer.RunAsync);
        }
    }

    /// <param name="transactions">Whether the members work exactly once, and with which kind of transactions.</param>
    private void AddGroup(
        string group,
        Func<SimClient, ClusterView, CoordinatorFinder, GroupTopic, GroupProgress, string?, IMembership> join,
        bool? transactions = null)
    {
        var topic = new GroupTopic(group, Input, Topics[Input]);
        var progress = new GroupProgress();
        var members = new List<GroupMember>();
        int count = _chance.Between(2, 3);
        for (int i = 0; i < count; i++)
        {
            SimClient client = NewClient(out ClusterView view);
            var finder = new CoordinatorFinder(client, view, CoordinatorType.Group, group);
            var offsets = new GroupOffsets(client, finder, view, History, group);
            string? instance = _chance.Below(3) == 0 ? $"static-{i}" : null;
            IGroupWork work = transactions is { } isV2
                ? new ExactlyOnceWork(
                    client,
                    new TransactionSession(client, view, History, $"{group}-{client.Id}", isV2),
                    finder, topic, Outputs)
                : new PlainWork(History, topic, offsets);
            var member = new GroupMember(
                client, view, History, join(client, view, finder, topic, progress, instance), topic, offsets, work)
            {
                IsDraining = _isDraining,
            };
            members.Add(member);
            client.Start(member.RunAsync);
        }

        _groups.Add(new ModelGroup(topic, members));
    }

    private SimClient NewClient(out ClusterView view)
    {
        var client = new SimClient(_world, _nextClientId++, ClusterSetup.BrokerPort);
        view = new ClusterView(client, _nodeIds);
        return client;
    }
}
