using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Handlers;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Node;

/// <summary>The transactions of a broker: its coordinator, what brings markers to partitions, and the handlers.
/// </summary>
internal sealed class TransactionPart : IDisposable
{
    private const short MarkersVersion = 2;
    private const string VersionFeature = "transaction.version";

    private readonly NodeCore _core;
    private readonly ReplicaManager _replicas;
    private readonly GroupCoordinator _groups;
    private readonly TransactionOptions _options;
    private readonly BrokerRequests _brokers;
    private readonly MarkerSender _markers;
    private readonly MarkerWriter _writer;
    private readonly ProducerIdSource _ids;

    public TransactionPart(NodeCore core, ReplicaManager replicas, GroupCoordinator groups)
    {
        _groups = groups;
        _core = core;
        _replicas = replicas;
        _options = TransactionOptions.Of(core.Config) with { Planted = core.Environment.Planted };
        NodeEnvironment environment = core.Environment;
        Func<MetadataImage> image = () => core.Loader.Current;
        _ids = new ProducerIdSource(replicas);
        _brokers = new BrokerRequests(
            environment.Transport, image, core.Config.InterBrokerListener, "transactions");
        _writer = new MarkerWriter(replicas, _options, groups.Runtime.EndTransactionAsync);
        _markers = new MarkerSender(new MarkerSenderSettings
        {
            Image = image,
            Send = SendMarkers,
            Time = environment.Time,
            Logger = core.Logger,
            Fault = environment.Fault,
        });
        CoordinatorRuntime<TransactionState>? runtime = null;
        TransactionServices services = new()
        {
            Options = _options,
            Markers = _markers,
            WallClockMs = environment.Time.WallClockMs,
            ServerVersion = () => core.Loader.Current.Features.LevelOf(VersionFeature),
            CoordinatorEpoch = partition => runtime!.EpochOf(partition),
            Run = (partition, operation) => runtime!.Run(partition, operation),
        };
        runtime = new CoordinatorRuntime<TransactionState>(new CoordinatorSettings<TransactionState>
        {
            Topic = TopicNames.TransactionState,
            Kind = CoordinatorKind.Transaction,
            NewState = (partition, timers) => new TransactionState(partition, timers, services),
            Time = environment.Time,
            Logger = core.Logger,
            Fault = environment.Fault,
            Planted = environment.Planted,
            WriteTimeoutMs = _options.RequestTimeoutMs,
        });
        Coordinator = new TransactionCoordinator(runtime, image, _ids, _options);
        Verifier = new PartitionVerifier(Coordinator, _brokers, core.Config.NodeId, environment.Time);
        replicas.Observe(runtime);
    }

    public TransactionCoordinator Coordinator { get; }

    public PartitionVerifier Verifier { get; }

    public void AddHandlers(HandlerTable table)
    {
        Func<MetadataImage> image = () => _core.Loader.Current;
        table
            .Add(ApiKey.Produce, new ProduceHandler(_replicas, new TransactionalProduce(Verifier)), mayOverlap: true)
            .Add(ApiKey.InitProducerId, new InitProducerIdHandler(_ids, Coordinator))
            .Add(ApiKey.AddPartitionsToTxn, new AddPartitionsToTxnHandler(Coordinator, image))
            .Add(ApiKey.AddOffsetsToTxn, new AddOffsetsToTxnHandler(
                Coordinator, image, _core.Config.GetInt("offsets.topic.num.partitions")))
            .Add(ApiKey.TxnOffsetCommit, new TxnOffsetCommitHandler(_groups, Verifier, image))
            .Add(ApiKey.EndTxn, new EndTxnHandler(Coordinator))
            .Add(ApiKey.WriteTxnMarkers, new WriteTxnMarkersHandler(_writer))
            .Add(ApiKey.DescribeProducers, new DescribeProducersHandler(_replicas))
            .Add(ApiKey.DescribeTransactions, new DescribeTransactionsHandler(Coordinator))
            .Add(ApiKey.ListTransactions, new ListTransactionsHandler(Coordinator, _core.Environment.Time));
    }

    public void Dispose()
    {
        Coordinator.Runtime.Shutdown();
        _markers.Dispose();
        _brokers.Dispose();
    }

    private void SendMarkers(
        int broker, WriteTxnMarkersRequest request, Action<WriteTxnMarkersResponse?> completion)
    {
        if (broker != _core.Config.NodeId)
        {
            _brokers.Send(
                broker, request, MarkersVersion, TimeSpan.FromMilliseconds(_options.RequestTimeoutMs), completion);
            return;
        }

        Task writing = WriteHereAsync(request, completion);
        writing.GetAwaiter().OnCompleted(() =>
        {
            if (writing.Exception is { } error)
            {
                _core.Environment.Fault(error);
            }
        });
    }

    private async Task WriteHereAsync(
        WriteTxnMarkersRequest request, Action<WriteTxnMarkersResponse?> completion) =>
        completion(await _writer.WriteAsync(request));
}
