using System.Text;
using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Simulation.SelfTests;

/// <summary>The simulated disk must lose what a real one may lose, and nothing else.</summary>
public sealed class SimFileTests
{
    [Fact]
    public void LoseProcess_KeepsWhatWasWritten()
    {
        var file = new SimFile();
        file.Write("written"u8, 0);

        file.LoseProcess();

        Assert.Equal("written", Text(file));
    }

    [Fact]
    public void LoseMachine_UnsyncedWrites_AreLost()
    {
        var file = new SimFile();
        file.Write("kept"u8, 0);
        file.CompleteFlush(file.BeginFlush());
        file.Write("lost"u8, 4);
        file.Write("L"u8, 0);

        file.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal("kept", Text(file));
    }

    [Fact]
    public void Flush_CoversOnlyWhatWasWrittenBeforeItBegan()
    {
        var file = new SimFile();
        file.Write("first"u8, 0);
        long mark = file.BeginFlush();
        file.Write("second"u8, 5);
        file.CompleteFlush(mark);

        file.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal("first", Text(file));
    }

    [Fact]
    public void LoseMachine_UnsyncedTruncation_IsUndone()
    {
        var file = new SimFile();
        file.Write("abcdef"u8, 0);
        file.CompleteFlush(file.BeginFlush());
        file.Truncate(2);
        Assert.Equal("ab", Text(file));

        file.LoseMachine(CrashLoss.Everything, new Prng(1));

        Assert.Equal("abcdef", Text(file));
    }

    [Fact]
    public void LoseMachine_Torn_LeavesAPartOfOneWrite()
    {
        var lengths = new HashSet<long>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            var file = new SimFile();
            file.Write(new byte[1000], 0);
            file.LoseMachine(CrashLoss.Torn, new Prng(seed));
            lengths.Add(file.Length);
        }

        Assert.Contains(lengths, length => length is > 0 and < 1000);
        Assert.Contains(1000, lengths);
    }

    [Fact]
    public void LoseMachine_Scattered_MayLeaveZerosBeforeBytes()
    {
        bool hole = false;
        for (ulong seed = 0; seed < 200 && !hole; seed++)
        {
            var file = new SimFile();
            byte[] bytes = new byte[4 * SimFile.SectorBytes];
            bytes.AsSpan().Fill(7);
            file.Write(bytes, 0);
            file.LoseMachine(CrashLoss.Scattered, new Prng(seed));
            byte[] left = Bytes(file);
            hole = Array.IndexOf(left, (byte)0) is >= 0 and int zero && Array.LastIndexOf(left, (byte)7) > zero;
        }

        Assert.True(hole);
    }

    [Fact]
    public void Mapping_IsPartOfThePageCache()
    {
        var file = new SimFile();
        byte[] map = file.Map(1024);
        map[700] = 9;
        Assert.Equal(9, Bytes(file)[700]);

        file.LoseProcess();
        Assert.Equal(9, Bytes(file)[700]);
        map[701] = 9;
        Assert.Equal(0, Bytes(file)[701]);

        file.LoseMachine(CrashLoss.Everything, new Prng(1));
        Assert.Equal(0, file.Length);
    }

    /// <summary>
    /// Whatever the crash, every byte left is a synced one, a later written one, or a zero of a grown file.
    /// </summary>
    [Fact]
    public void LoseMachine_SyncedBytesNotOverwritten_AlwaysSurvive() => Check.QuickThrowOnFailure(Prop.ForAll(
        (byte[] synced, byte[] unsynced, int seed) =>
        {
            var file = new SimFile();
            file.Write(synced, 0);
            file.CompleteFlush(file.BeginFlush());
            file.Write(unsynced, synced.Length + Math.Abs(seed % 2000));

            file.LoseMachine((CrashLoss)Math.Abs(seed % 5), new Prng((ulong)seed));

            return Bytes(file).AsSpan(0, synced.Length).SequenceEqual(synced);
        }));

    private static byte[] Bytes(SimFile file)
    {
        byte[] bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(bytes, 0));
        return bytes;
    }

    private static string Text(SimFile file) => Encoding.ASCII.GetString(Bytes(file));
}
