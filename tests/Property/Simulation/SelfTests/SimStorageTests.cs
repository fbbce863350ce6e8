using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

public sealed class SimStorageTests
{
    private readonly SimScheduler _scheduler = new(new SimTrace());
    private readonly SimDisk _disk = new();
    private readonly SimContext _life;
    private readonly SimStorage _storage;

    public SimStorageTests()
    {
        _life = new SimContext(_scheduler, "node", 1);
        _storage = new SimStorage(_scheduler, _life, _disk, new Prng(3));
        _storage.CreateDirectory("/data/log");
        _storage.SyncDirectory("/data");
    }

    [Fact]
    public void FileOfAnUnsyncedDirectory_IsGoneAfterPowerLoss()
    {
        using (IStorageFile file = _storage.Open("/data/log/a", StorageOpenMode.OpenOrCreate))
        {
            file.Write([1, 2], 0);
            file.Flush();
        }

        _disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.False(_storage.FileExists("/data/log/a"));
        Assert.True(_storage.DirectoryExists("/data/log"));
    }

    [Fact]
    public void AtomicWrite_Durable_SurvivesPowerLoss()
    {
        _storage.WriteAtomically("/data/log/a", [1, 2]);
        _storage.WriteAtomically("/data/log/a", [3], isDurable: false);

        _disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal([1, 2], _storage.ReadAllBytes("/data/log/a"));
        Assert.Equal(["a"], _storage.ListFiles("/data/log"));
    }

    [Fact]
    public void FlushAsync_CoversWhatWasWrittenBefore()
    {
        using IStorageFile file = _storage.Open("/data/log/a", StorageOpenMode.OpenOrCreate);
        _storage.SyncDirectory("/data/log");
        file.Write([1, 2], 0);
        Task flushed = file.FlushAsync().AsTask();
        file.Write([3], 2);
        Assert.False(flushed.IsCompleted);

        _scheduler.RunUntil(TimeSpan.FromSeconds(1).Ticks);
        _disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.True(flushed.IsCompletedSuccessfully);
        Assert.Equal([1, 2], _storage.ReadAllBytes("/data/log/a"));
    }

    [Fact]
    public void PowerLossAmidWrites_NothingReachesTheDiskAfterIt()
    {
        using IStorageFile file = _storage.Open("/data/log/a", StorageOpenMode.OpenOrCreate);
        _disk.WritesUntilPowerLoss = 2;
        _disk.PowerLost = _life.Freeze;

        file.Write([1], 0);
        file.Write([2], 1);
        file.Write([3], 2);
        _storage.Delete("/data/log/a");

        Assert.Equal([1, 2], _storage.ReadAllBytes("/data/log/a"));
    }

    [Fact]
    public void FullDisk_RefusesWritesAndRemembersIt()
    {
        using IStorageFile file = _storage.Open("/data/log/a", StorageOpenMode.OpenOrCreate);
        _disk.IsFull = true;

        var refused = Assert.Throws<StorageException>(() => file.Write([1], 0));

        Assert.Equal(StorageFault.NoSpace, refused.Kind);
        Assert.True(_disk.HasFailed);
    }

    [Fact]
    public void Mapping_SharesItsBytesWithTheFile()
    {
        using IStorageFile file = _storage.Open("/data/log/a", StorageOpenMode.OpenOrCreate);
        using (IStorageMapping mapping = file.Map(8))
        {
            mapping.Span[3] = 9;
        }

        Assert.Equal([0, 0, 0, 9, 0, 0, 0, 0], _storage.ReadAllBytes("/data/log/a"));
    }
}
