using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;
using KRaftSharp.Quorum.Transport;
using KRaftSharp.Tests.Unit.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace KRaftSharp.Tests.Unit.Raft;

/// <summary>The driver on a real disk, as a quorum of one.</summary>
public sealed class SingleNodeDriverTests : IDisposable
{
    private readonly LogFixture _fixture = new();
    private readonly List<Exception> _faults = [];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Append_ByTheLeader_ReachesListenersInOrder()
    {
        RecordingListener listener = new();
        RaftDriver driver = await StartAsync(listener);
        await listener.WaitFor("leader 1 of epoch 1");

        long? first = driver.TryAppend(1, [RecordingListener.Topic("a"), RecordingListener.Topic("b")]);
        long? second = driver.TryAppend(1, [RecordingListener.Topic("c")]);
        await listener.WaitFor("3: c");

        Assert.Equal((2L, 3L), (first, second));
        Assert.Equal(["leader 1 of epoch 1", "1: a b", "3: c"], Heard(listener));
        Assert.Null(driver.TryAppend(2, [RecordingListener.Topic("d")]));
        await driver.ShutdownAsync();
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task Restart_LeaderOfALaterEpoch_HearsOfItselfAfterEarlierRecords()
    {
        RecordingListener before = new();
        RaftDriver driver = await StartAsync(before);
        await before.WaitFor("leader 1");
        driver.TryAppend(1, [RecordingListener.Topic("a")]);
        await before.WaitFor("1: a");
        await driver.ShutdownAsync();

        RecordingListener after = new();
        driver = await StartAsync(after);
        await after.WaitFor("leader 1 of epoch 2");

        Assert.Equal(["1: a", "leader 1 of epoch 2"], Heard(after));
        await driver.ShutdownAsync();
    }

    [Fact]
    public async Task Snapshot_OfWhatIsCommitted_ReplacesTheLogForNewListeners()
    {
        RecordingListener listener = new();
        RaftDriver driver = await StartAsync(listener, retentionBytes: 0);
        await listener.WaitFor("leader 1");
        driver.TryAppend(1, [RecordingListener.Topic("a")]);
        driver.TryAppend(1, [RecordingListener.Topic("b")]);
        await listener.WaitFor("2: b");

        using (ISnapshotWriter writer = driver.CreateSnapshot(new LogPoint(1, 3), 123)!)
        {
            writer.Append([RecordingListener.Topic("a"), RecordingListener.Topic("b")]);
            writer.Freeze();
        }

        driver.TryAppend(1, [RecordingListener.Topic("c")]);
        await listener.WaitFor("3: c");
        await driver.ShutdownAsync();
        Assert.Contains(
            "00000000000000000003-0000000001.checkpoint",
            _fixture.Storage.ListFiles(_fixture.Root + "/__cluster_metadata-0"));

        RecordingListener after = new();
        driver = await StartAsync(after);
        await after.WaitFor("leader 1 of epoch 2");
        Assert.Equal(["snapshot to 3: a b", "3: c", "leader 1 of epoch 2"], Heard(after));
        Assert.Equal(new LogPoint(1, 3), driver.LatestSnapshotId);
        Assert.Null(driver.CreateSnapshot(new LogPoint(1, 3), 123));
        await driver.ShutdownAsync();
    }

    [Fact]
    public async Task Append_AtomicBeyondTheLimit_IsRefusedAndNothingLost()
    {
        RecordingListener listener = new();
        RaftDriver driver = await StartAsync(listener, maxBatchBytes: 500);
        await listener.WaitFor("leader 1");
        VersionedRecord[] many = [.. Enumerable.Range(0, 30).Select(i => RecordingListener.Topic($"t{i}"))];

        Assert.Throws<RecordBatchTooLargeException>(() => driver.TryAppend(1, many));
        long? last = driver.TryAppend(1, many, atomic: false);

        Assert.Equal(30, last);
        await listener.WaitFor("1: t0");
        await driver.ShutdownAsync();
    }

    [Fact]
    public async Task Requests_OfAnotherCluster_AreRefused()
    {
        RaftDriver driver = await StartAsync(new RecordingListener());

        Assert.Equal(ErrorCode.InconsistentClusterId, ((VoteResponse)Answer(
            driver, new VoteRequest { ClusterId = "other" }, 2)).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentClusterId, ((FetchResponse)Answer(
            driver, new FetchRequest { ClusterId = "other" }, 17)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, ((BeginQuorumEpochResponse)Answer(
            driver, new BeginQuorumEpochRequest(), 1)).ErrorCode);
        await driver.ShutdownAsync();
    }

    [Fact]
    public async Task Fetch_OfTheMetadataLog_BringsItsBatches()
    {
        RecordingListener listener = new();
        RaftDriver driver = await StartAsync(listener);
        await listener.WaitFor("leader 1");
        driver.TryAppend(1, [RecordingListener.Topic("a")]);
        await listener.WaitFor("1: a");
        FetchRequest request = new() { MaxWaitMs = 0, MaxBytes = 10_000 };
        request.Topics.Add(new FetchRequest.FetchTopic { TopicId = Uuid.MetadataTopicId });
        request.Topics[0].Partitions.Add(new FetchRequest.FetchPartition
        {
            CurrentLeaderEpoch = 1,
            LastFetchedEpoch = 0,
            PartitionMaxBytes = 10_000,
        });

        FetchResponse response = (FetchResponse)Answer(driver, request, 17);

        FetchResponse.PartitionData partition = response.Responses[0].Partitions[0];
        Assert.Equal((ErrorCode.None, 2L, 1), (partition.ErrorCode, partition.HighWatermark,
            partition.CurrentLeader.LeaderId));
        Assert.True(partition.Records!.Value.Length > 100);
        await driver.ShutdownAsync();
    }

    // A leader of an empty log hears of itself before its own control batch is committed, another one after it.
    private static List<string> Heard(RecordingListener listener)
    {
        lock (listener.Story)
        {
            return [.. listener.Story.Where(text => !text.EndsWith("no leader", StringComparison.Ordinal)
                && !text.StartsWith("control", StringComparison.Ordinal))];
        }
    }

    // A quorum of one answers all of these without waiting for anything.
    private static IApiMessage Answer(RaftDriver driver, IApiMessage request, short version)
    {
        TaskCompletionSource<IApiMessage> answer = new();
        driver.Handle(request, version, (response, _) => answer.SetResult(response));
        return answer.Task.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    private async Task<RaftDriver> StartAsync(
        RecordingListener listener, long retentionBytes = 1_000_000, int maxBatchBytes = 1_000_000)
    {
        RaftDriver driver = new(
            new RaftSettings
            {
                NodeId = 1,
                DirectoryId = new Uuid(5, 6),
                ClusterId = "cluster",
                Voters = VoterSet.FromEndpoints([new PeerEndpoint(1, "localhost", 9093)]),
                RetentionBytes = retentionBytes,
                MaxBatchBytes = maxBatchBytes,
            },
            new DiskStorage(), _fixture.Root, new NoTransport(), TimeProvider.System, new Prng(1), NullLogger.Instance)
        {
            Faulted = _faults.Add,
        };
        driver.Register(listener);
        await driver.StartAsync();
        return driver;
    }
}
