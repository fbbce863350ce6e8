using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Tests.Unit.Log;

/// <summary>Several log directories: placement, one that fails (KIP-112), logs that move (KIP-113).</summary>
public sealed class LogDirectoriesTests : IDisposable
{
    private static readonly Uuid TopicId = new(1, 2);
    private readonly LogFixture _fixture = new();

    private string First => $"{_fixture.Root}/a";

    private string Second => $"{_fixture.Root}/b";

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void NewLogs_GoToTheEmptiestDirectory()
    {
        using LogManager manager = Open();
        for (int i = 0; i < 4; i++)
        {
            manager.GetOrCreate(new TopicPartition("t", i), TopicId, LogOptions.Default);
        }

        Assert.Equal([2, 2], manager.Directories.Select(directory => manager.LogsOf(directory).Count));
        Assert.Equal(
            Second, manager.Emptiest(directory => directory.Path == Second).Path);
    }

    [Fact]
    public void DirectoryThatFails_TakesOnlyItsOwnLogs()
    {
        using LogManager manager = Open();
        PartitionLog lost = manager.GetOrCreate(new TopicPartition("t", 0), TopicId, LogOptions.Default, First);
        PartitionLog kept = manager.GetOrCreate(new TopicPartition("t", 1), TopicId, LogOptions.Default, Second);

        LogDirectory failed = manager.DirectoryOf(lost.Directory)!;
        Assert.True(manager.TakeOffline(failed));
        Assert.False(manager.TakeOffline(failed));

        Assert.True(lost.IsOffline);
        Assert.Equal(ErrorCode.KafkaStorageError, lost.AppendAsLeader(_fixture.Batch(), 0).Error);
        Assert.Equal(ErrorCode.None, kept.AppendAsLeader(_fixture.Batch(), 0).Error);
        Assert.Equal([kept], manager.Logs);
        Assert.Equal(Second, manager.Emptiest(static _ => true).Path);
    }

    [Fact]
    public void DirectoryThatCannotBeUsedAtTheStart_IsOffline()
    {
        File.WriteAllText(First, "not a directory");
        using LogManager manager = Open();
        Assert.Equal([false, true], manager.Directories.Select(static directory => directory.IsOnline));
    }

    [Fact]
    public async Task Future_TakesThePlaceOfTheLog()
    {
        using LogManager manager = Open();
        PartitionLog log = Fill(manager, First);
        PartitionLog future = manager.CreateFuture(log, manager.Directories[1]);
        Assert.EndsWith("-future", future.Directory, StringComparison.Ordinal);
        Assert.Equal([future], manager.FuturesOf(manager.Directories[1]));
        Copy(log, future);

        await manager.PromoteFutureAsync(log.TopicPartition);

        PartitionLog moved = manager.Get(log.TopicPartition)!;
        Assert.Equal($"{Second}/t-0", moved.Directory);
        Assert.Equal((10, 7), (moved.LogEndOffset, moved.HighWatermark));
        Assert.Equal(10, LogFixture.AllOffsets(moved).Count);
        Assert.Empty(manager.FuturesOf(manager.Directories[1]));
        Assert.DoesNotContain("t-0", Directory.GetDirectories(First).Select(Path.GetFileName));
    }

    [Fact]
    public void InterruptedMove_IsRemembered_AndItsCopyGoes()
    {
        using (LogManager manager = Open())
        {
            PartitionLog log = Fill(manager, First);
            manager.CreateFuture(log, manager.Directories[1]);
        }

        using LogManager again = Open();
        Assert.Equal(Second, again.TakeInterruptedMove(new TopicPartition("t", 0))?.Path);
        Assert.Null(again.TakeInterruptedMove(new TopicPartition("t", 0)));
        Assert.Empty(Directory.GetDirectories(Second));
        Assert.Equal(10, again.Logs[0].LogEndOffset);
    }

    [Fact]
    public void BothCopies_AfterACrashBetweenTheirRenames_TheLongerOneCounts()
    {
        string path;
        using (LogManager manager = Open())
        {
            PartitionLog log = Fill(manager, First);
            PartitionLog future = manager.CreateFuture(log, manager.Directories[1]);
            Copy(log, future);
            future.AppendAsLeader(_fixture.Batch(), 0);
            path = future.Directory;
        }

        Directory.Move(path, $"{Second}/t-0");
        using LogManager again = Open();
        PartitionLog kept = Assert.Single(again.Logs);
        Assert.Equal(($"{Second}/t-0", 11), (kept.Directory, kept.LogEndOffset));
    }

    [Fact]
    public async Task LastFlush_IsNoted()
    {
        using PartitionLog log = _fixture.Open();
        long openedMs = log.LastFlushMs;
        log.AppendAsLeader(_fixture.Batch(), 0);
        _fixture.Clock.Advance(100);
        await log.FlushAsync();
        Assert.Equal(openedMs + 100, log.LastFlushMs);
    }

    [Fact]
    public void MaxDecompressedBytes_RefusesALargerRecordOfACompressedBatch()
    {
        _fixture.Options = LogOptions.Default with { MaxDecompressedBytes = 500 };
        using PartitionLog log = _fixture.Open();
        byte[] Compressed(int valueBytes) => _fixture.Batch(1, valueBytes, options: new()
        {
            Compression = CompressionCodec.Gzip,
        });

        Assert.Equal(ErrorCode.None, log.AppendAsLeader(Compressed(400), 0).Error);
        Assert.Equal(ErrorCode.InvalidRecord, log.AppendAsLeader(Compressed(600), 0).Error);
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(_fixture.Batch(1, 600), 0).Error);
    }

    private PartitionLog Fill(LogManager manager, string directory)
    {
        PartitionLog log = manager.GetOrCreate(new TopicPartition("t", 0), TopicId, LogOptions.Default, directory);
        for (int i = 0; i < 10; i++)
        {
            log.AppendAsLeader(_fixture.Batch(), 0);
        }

        log.SetHighWatermark(7);
        return log;
    }

    private static void Copy(PartitionLog log, PartitionLog future)
    {
        using LogReadResult read = log.Read(0, 1_000_000, log.LogEndOffset, minOneBatch: true);
        Assert.True(future.AppendAsFollower(read.Records).IsSuccess);
    }

    private LogManager Open() => LogManager.Open(new LogManagerSettings
    {
        Storage = _fixture.Storage,
        Directories = [First, Second],
        Time = _fixture.Clock,
        Chance = new Prng(1),
    });
}
