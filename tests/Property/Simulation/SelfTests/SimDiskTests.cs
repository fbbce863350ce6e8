using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

public sealed class SimDiskTests
{
    [Fact]
    public void LoseMachine_UnsyncedName_IsGoneThoughTheBytesWereSynced()
    {
        SimDisk disk = WithFile("/d/a", "bytes"u8);

        disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Empty(disk.Now.Files);
    }

    [Fact]
    public void LoseMachine_SyncedName_Stays()
    {
        SimDisk disk = WithFile("/d/a", "bytes"u8);
        disk.SyncNames();

        disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal(["/d/a"], disk.Now.Files.Keys);
        Assert.Equal(5, disk.Now.Files["/d/a"].Length);
    }

    [Fact]
    public void LoseMachine_UnsyncedRename_ShowsTheOldNames()
    {
        SimDisk disk = WithFile("/d/new", "new"u8);
        AddFile(disk, "/d/old", "older"u8);
        disk.SyncNames();
        disk.Change(tree => tree.Rename("/d/new", "/d/old"));
        Assert.Equal(["/d/old"], disk.Now.Files.Keys);

        disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal(["/d/new", "/d/old"], disk.Now.Files.Keys);
        Assert.Equal(5, disk.Now.Files["/d/old"].Length);
    }

    [Fact]
    public void LoseMachine_UnsyncedDelete_BringsTheFileBack()
    {
        SimDisk disk = WithFile("/d/a", "bytes"u8);
        disk.SyncNames();
        disk.Change(tree => tree.Files.Remove("/d/a"));

        disk.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal(["/d/a"], disk.Now.Files.Keys);
    }

    [Fact]
    public void LoseMachine_KeepsAPrefixOfTheNames()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            var disk = new SimDisk();
            for (int i = 0; i < 5; i++)
            {
                AddFile(disk, $"/d/{i}", "x"u8);
            }

            disk.LoseMachine(CrashLoss.Torn, new Prng(seed));

            Assert.Equal(Enumerable.Range(0, disk.Now.Files.Count).Select(i => $"/d/{i}"), disk.Now.Files.Keys);
        }
    }

    [Fact]
    public void Tree_ListsChildrenSorted()
    {
        SimDisk disk = WithFile("/d/b", "x"u8);
        AddFile(disk, "/d/a", "x"u8);
        AddFile(disk, "/d/sub/c", "x"u8);
        disk.Change(tree => tree.CreateDirectories("/d/sub"));

        Assert.Equal(["a", "b"], disk.Now.FilesIn("/d"));
        Assert.Equal(["sub"], disk.Now.DirectoriesIn("/d"));

        disk.Change(tree => tree.Rename("/d/sub", "/d/moved"));
        Assert.Equal(["c"], disk.Now.FilesIn("/d/moved"));

        disk.Change(tree => tree.DeleteDirectory("/d/moved"));
        Assert.Empty(disk.Now.DirectoriesIn("/d"));
    }

    private static SimDisk WithFile(string path, ReadOnlySpan<byte> bytes)
    {
        var disk = new SimDisk();
        AddFile(disk, path, bytes);
        return disk;
    }

    private static void AddFile(SimDisk disk, string path, ReadOnlySpan<byte> bytes)
    {
        var file = new SimFile();
        file.Write(bytes, 0);
        file.CompleteFlush(file.BeginFlush());
        disk.Change(tree => tree.Files[path] = file);
    }
}
