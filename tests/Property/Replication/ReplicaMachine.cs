using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>A machine that runs the replication of a broker and nothing else; a model is its controller.</summary>
internal sealed class ReplicaMachine(SimWorld world, int id, ModelController controller, int minIsr)
    : SimMachine(world, id)
{
    public const int Port = 9092;
    private const string Directory = "/data";
    private LogManager? _logs;
    private long _epoch = -1;
    private long _connections;
    private long _deliveredAtTicks;

    public ReplicaManager? Replicas { get; private set; }

    /// <summary>News from the controller: in order, each after a delay, while this life lasts.</summary>
    public void Deliver(MetadataDelta delta, MetadataImage image)
    {
        if (Context is not { IsAlive: true } life || Replicas is not { } replicas)
        {
            return;
        }

        long now = World.Scheduler.NowTicks;
        long delay = World.Chance.Between(1, 20) * TimeSpan.TicksPerMillisecond;
        _deliveredAtTicks = Math.Max(_deliveredAtTicks, now + delay);
        World.Scheduler.Schedule(
            life, TimeSpan.FromTicks(_deliveredAtTicks - now), () => replicas.OnMetadataUpdate(delta, image));
    }

    protected override void Launch(SimProcess process)
    {
        process.Storage.CreateDirectory(Directory);
        _logs = LogManager.Open(new LogManagerSettings
        {
            Storage = process.Storage,
            Directories = [Directory],
            Time = process.Time,
            Chance = process.Chance.Fork(),
        });
        var logger = new SimLogger(World, this, "Replication");
        Replicas = new ReplicaManager(new ReplicaManagerSettings
        {
            Options = new ReplicationOptions
            {
                BrokerId = Id,
                InterBrokerListener = ModelController.Listener,
                ReplicaLagTimeMaxMs = 1500,
                CheckpointIntervalMs = 300,
                RetentionCheckIntervalMs = 1000,
            },
            Logs = _logs,
            Transport = process.Transport,
            Controller = (request, _, _, completion) => controller.Send(this, request, completion),
            Time = process.Time,
            Chance = process.Chance.Fork(),
            Logger = logger,
            BrokerEpoch = () => _epoch,
            TopicSettings = (_, _, _) => new TopicSettings(LogOptions.Default, minIsr),
            Fault = OnFault,
        });
        var table = new HandlerTable(ListenerKind.Broker);
        // Nobody produces in transactions here, so nothing is ever verified.
        var transactions = new TransactionalProduce(verifier: null!);
        table.Add(ApiKey.Produce, new ProduceHandler(Replicas, transactions), mayOverlap: true)
            .Add(ApiKey.Fetch, new FetchHandler(Replicas))
            .Add(ApiKey.ListOffsets, new ListOffsetsHandler(Replicas))
            .Add(ApiKey.OffsetForLeaderEpoch, new OffsetForLeaderEpochHandler(Replicas))
            .Add(ApiKey.DeleteRecords, new DeleteRecordsHandler(Replicas))
            .Add(ApiKey.ApiVersions, new ApiVersionsHandler(
                table, () => controller.Image, static () => 0, "cluster", Id));
        var processor = new RequestProcessor(table, process.Time, logger) { Faulted = OnFault };
        process.Host.Listeners[Port] = new PipelineListener(
            new NodeListener(
                ModelController.Listener, SimNetwork.NameOf(Id), Port, ListenerKind.Broker, processor,
                Task.CompletedTask),
            process.Context,
            () => ++_connections);
        _epoch = controller.Register(this);
    }

    protected override async Task ShutdownAsync()
    {
        await Replicas!.ShutdownAsync();
        await _logs!.CleanShutdownAsync(_epoch);
    }

    protected override void Forget()
    {
        controller.Lost(Id, _epoch);
        Replicas = null;
        _logs = null;
        _epoch = -1;
        _deliveredAtTicks = 0;
    }
}
