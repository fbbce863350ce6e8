using KRaftSharp.Log;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Log;

public sealed class FailingDiskTests : IDisposable
{
    private readonly LogFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void FailedDisk_TakesTheLogOffline_AndSaysSoOnce()
    {
        int told = 0;
        using PartitionLog log = PartitionLog.Open(new PartitionLogSettings
        {
            Storage = _fixture.Storage,
            Directory = _fixture.LogPath,
            TopicPartition = LogFixture.Partition,
            Time = _fixture.Clock,
            Options = new LogOptions { SegmentBytes = 150 },
            Failed = (_, _) => told++,
        });
        Assert.True(log.AppendAsLeader(_fixture.Batch(), 0).IsSuccess);
        Directory.Delete(_fixture.LogPath, recursive: true);

        // The next segment cannot be created.
        Assert.Equal(ErrorCode.KafkaStorageError, log.AppendAsLeader(_fixture.Batch(), 0).Error);

        Assert.True(log.IsOffline);
        Assert.Equal(1, told);
        Assert.Equal(ErrorCode.KafkaStorageError, log.AppendAsFollower(_fixture.Batch()).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, log.Read(0, 100, 1, true).Error);
        Assert.Throws<StorageException>(() => log.TruncateTo(0));
        Assert.Throws<StorageException>(() => { _ = log.FlushAsync(); });
        Directory.CreateDirectory(_fixture.LogPath);
    }
}
