using KRaftSharp.Log;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Log;

public sealed class LogManagerTests : IDisposable
{
    private static readonly Uuid FirstId = new(1, 2);
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task CleanShutdown_LeavesKafkasFiles_AndAllIsThereAgain()
    {
        using (LogManager manager = Open())
        {
            Assert.False(manager.HadCleanShutdown);
            Fill(manager, 5).SetHighWatermark(4);
            await manager.CleanShutdownAsync(brokerEpoch: 77);
        }

        Assert.Equal("0\n1\ntopic 0 5\n", Text("recovery-point-offset-checkpoint"));
        Assert.Equal("0\n1\ntopic 0 4\n", Text("replication-offset-checkpoint"));
        Assert.Equal("0\n1\ntopic 0 0\n", Text("log-start-offset-checkpoint"));
        Assert.Equal("{\"version\":0,\"brokerEpoch\":77}", Text(".kafka_cleanshutdown"));
        Assert.Equal($"version: 0\ntopic_id: {FirstId}", Text("topic-0/partition.metadata"));
        Assert.Equal("0\n1\n3 0\n", Text("topic-0/leader-epoch-checkpoint"));
        Assert.True(File.Exists($"{_fixture.Root}/topic-0/{5:D20}.snapshot"));
        using LogManager again = Open();
        Assert.True(again.HadCleanShutdown);
        Assert.Equal(77, again.CleanShutdownBrokerEpoch);
        PartitionLog log = Assert.Single(again.Logs);
        Assert.Equal((FirstId, 5, 4, 5), (log.TopicId, log.LogEndOffset, log.HighWatermark, log.RecoveryPoint));
        Assert.False(File.Exists($"{_fixture.Root}/.kafka_cleanshutdown"));
    }

    [Fact]
    public async Task Crash_IsRecoveredFromTheCheckpoint()
    {
        using (LogManager manager = Open())
        {
            PartitionLog log = Fill(manager, 5);
            await log.FlushAsync();
            await manager.CheckpointAsync();
            Fill(manager, 3);
        }

        using LogManager again = Open();

        Assert.False(again.HadCleanShutdown);
        Assert.Equal((8, 5), (again.Logs[0].LogEndOffset, again.Logs[0].RecoveryPoint));
    }

    [Fact]
    public void Delete_RenamesTheDirectory_AndRemovesItLater()
    {
        using LogManager manager = Open();
        PartitionLog log = Fill(manager, 5);
        using LogSlice held = log.Locate(0, int.MaxValue, 5, minOneBatch: true);

        Assert.True(manager.Delete(LogFixture.Partition));

        Assert.Null(manager.Get(LogFixture.Partition));
        string doomed = Assert.Single(Directory.GetDirectories(_fixture.Root));
        Assert.Matches(@"/topic-0\.[0-9a-f]{32}-delete$", doomed);
        Assert.Equal(held.Length, held.ReadTo(new byte[held.Length]));
        Assert.Equal(0, manager.GetOrCreate(LogFixture.Partition, FirstId, _fixture.Options).LogEndOffset);
        _fixture.Clock.Advance(60_000);
        Assert.False(Directory.Exists(doomed));
        Assert.False(manager.Delete(new TopicPartition("none", 1)));
    }

    [Fact]
    public void LogOfAnotherTopicId_IsReplaced()
    {
        using LogManager manager = Open();
        Fill(manager, 5);

        PartitionLog log = manager.GetOrCreate(LogFixture.Partition, new Uuid(3, 4), _fixture.Options);

        Assert.Equal((new Uuid(3, 4), 0), (log.TopicId, log.LogEndOffset));
    }

    [Fact]
    public void Directory_InUse_IsLocked()
    {
        using LogManager manager = Open();

        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(Open).Kind);
    }

    [Fact]
    public void UnknownDirectoriesAndMetadataLog_AreLeftAlone()
    {
        Directory.CreateDirectory($"{_fixture.Root}/__cluster_metadata-0");
        Directory.CreateDirectory($"{_fixture.Root}/lost+found");
        Directory.CreateDirectory($"{_fixture.Root}/a-b.00-delete");

        using LogManager manager = Open();

        Assert.Empty(manager.Logs);
        Assert.Equal(2, Directory.GetDirectories(_fixture.Root).Length);
    }

    /// <summary>DescribeLogDirs and retention look at all logs while topics are created and deleted.</summary>
    [Fact]
    public async Task Logs_WhileOthersOpenAndDeleteThem_AreASnapshotInOrder()
    {
        using LogManager manager = Open();
        Task changes = Task.Run(() =>
        {
            for (int i = 0; i < 400; i++)
            {
                manager.GetOrCreate(new TopicPartition("many", i), FirstId, _fixture.Options);
                manager.Delete(new TopicPartition("many", i - 100));
            }
        });

        int looks = 0;
        for (; looks == 0 || !changes.IsCompleted; looks++)
        {
            int[] partitions = [.. manager.Logs.Select(log => log.TopicPartition.Partition)];
            Assert.Equal(partitions.Order(), partitions);
        }

        await changes;
        Assert.Equal(100, manager.Logs.Count);
    }

    [Fact]
    public void MetaProperties_SurviveARoundTrip()
    {
        var written = new MetaProperties("a-cluster", 3, new Uuid(8, 9));
        written.Write(_fixture.Storage, _fixture.Root);

        Assert.Equal(written, MetaProperties.Read(_fixture.Storage, _fixture.Root));
        using LogManager manager = Open();
        Assert.Equal(new Uuid(8, 9), manager.Directories[0].Id);
    }

    private LogManager Open() => LogManager.Open(new LogManagerSettings
    {
        Storage = _fixture.Storage,
        Directories = [_fixture.Root],
        Time = _fixture.Clock,
        Chance = new Prng(1),
        OptionsOf = _ => _fixture.Options,
    });

    private PartitionLog Fill(LogManager manager, int count)
    {
        PartitionLog log = manager.GetOrCreate(LogFixture.Partition, FirstId, _fixture.Options);
        _fixture.Opened.Add(log);
        for (int i = 0; i < count; i++)
        {
            Assert.True(log.AppendAsLeader(_fixture.Batch(), 3).IsSuccess);
        }

        return log;
    }

    private string Text(string name) => File.ReadAllText($"{_fixture.Root}/{name}");
}
