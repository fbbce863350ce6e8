using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Transactions;

/// <summary>
/// The levels of transaction.version, as docs/transactions.md has them: which records are written, and what the markers
/// of a transaction bear that the coordinator aborts; what the client ends goes by the version of its request.
/// </summary>
public sealed class TransactionVersionTests : IDisposable
{
    private const int TimeoutMs = 1000;
    private const short Old = 0;
    private const short WithEpochs = TransactionRules.EpochBumpVersion;

    private static readonly TopicPartition Out = new("out", 0);

    private readonly FakeMarkers _markers = new();
    private readonly ShardTimers _timers;
    private readonly TransactionState _state;
    private readonly List<CoordinatorRecord> _written = [];
    private short _level;

    public TransactionVersionTests()
    {
        _timers = new ShardTimers(TimeProvider.System, static _ => { });
        _state = new TransactionState(0, _timers, new TransactionServices
        {
            Options = new TransactionOptions(),
            Markers = _markers,
            WallClockMs = static () => 5000,
            ServerVersion = () => _level,
            CoordinatorEpoch = static _ => 3,
            Run = (_, operation) => Carry(operation(_state!)),
        });
    }

    public void Dispose() => _timers.Dispose();

    /// <param name="level">The finalized level of transaction.version.</param>
    /// <param name="record">The version of the records of __transaction_state.</param>
    /// <param name="marker">What WriteTxnMarkers says of a transaction that a new producer aborts.</param>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 2)]
    public void Level_DecidesRecordsAndTheMarkersOfTheCoordinatorsAborts(short level, short record, short marker)
    {
        _level = level;
        ProducerRequest self = Begin(clientVersion: Old);

        Reply<TransactionAnswer> reply = new();
        Carry(_state.Initialize(new ProducerRequest("x", -1, -1), TimeoutMs, null, reply));

        MarkerJob job = Assert.Single(_markers.Jobs);
        Assert.Equal(
            (false, (short)(self.ProducerEpoch + 1), marker),
            (job.IsCommit, job.Prepared.ProducerEpoch, job.Prepared.ClientVersion));
        Assert.All(_written, written => Assert.Equal(record, written.Version));
    }

    /// <summary>A client of before KIP-890 keeps its epoch, one of today gets the next, at every level.</summary>
    [Theory]
    [InlineData(0, Old)]
    [InlineData(1, Old)]
    [InlineData(2, Old)]
    [InlineData(1, WithEpochs)]
    [InlineData(2, WithEpochs)]
    public void End_GoesByTheRequestsVersion(short level, short clientVersion)
    {
        _level = level;
        ProducerRequest self = Begin(clientVersion);

        Reply<TransactionAnswer> reply = new();
        Carry(_state.End(self, isCommit: true, clientVersion, null, reply));

        short epoch = (short)(self.ProducerEpoch + (clientVersion == WithEpochs ? 1 : 0));
        MarkerJob job = Assert.Single(_markers.Jobs);
        Assert.Equal((epoch, clientVersion), (job.Prepared.ProducerEpoch, job.Prepared.ClientVersion));
        Assert.Equal(epoch, Assert.IsType<TransactionLogValue>(_written[^1].Value).ProducerEpoch);
    }

    /// <summary>The level goes down while a transaction of today is open: it ends all the same.</summary>
    [Fact]
    public void LevelGoesDown_AnOpenTransactionEndsAsItsClientAsks()
    {
        _level = 2;
        ProducerRequest self = Begin(WithEpochs);
        _level = 0;

        Reply<TransactionAnswer> reply = new();
        Carry(_state.End(self, isCommit: true, WithEpochs, null, reply));
        MarkerJob job = Assert.Single(_markers.Jobs);
        job.Finished();

        Assert.Equal(TransactionStatus.CompleteCommit, _state.Find("x")!.Status);
        Assert.Equal(0, _written[^1].Version);
    }

    private ProducerRequest Begin(short clientVersion)
    {
        Reply<TransactionAnswer> started = new();
        Carry(_state.Initialize(new ProducerRequest("x", -1, -1), TimeoutMs, 7, started));
        TransactionMetadata known = _state.Find("x")!;
        ProducerRequest self = new("x", known.ProducerId, known.ProducerEpoch);
        Reply<TransactionAnswer> added = new();
        Carry(_state.AddPartitions(self, [Out], clientVersion, added));
        return self;
    }

    private void Carry(Decision decision)
    {
        foreach (CoordinatorRecord record in decision.Records)
        {
            _written.Add(record);
            _state.Replay(_written.Count, record.Key, record.Value, null);
        }

        decision.Committed?.Invoke();
    }

    private sealed class FakeMarkers : ITransactionMarkers
    {
        public List<MarkerJob> Jobs { get; } = [];

        public void Send(MarkerJob job) => Jobs.Add(job);

        public void Cancel(int coordinatorPartition, int coordinatorEpoch) => Jobs.Clear();
    }
}
