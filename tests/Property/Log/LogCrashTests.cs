using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>
/// A machine that loses power takes writes that were not synced with it. What a completed flush covered stays, and
/// what is found is always a prefix of what was written.
/// </summary>
public sealed class LogCrashTests
{
    [Property(MaxTest = 60)]
    public void PowerLoss_KeepsWhatWasFlushed_AndAPrefixOfTheRest(DoNotSize<ulong> seed)
    {
        var chance = new Prng(seed.Item);
        var world = new LogWorld(chance.Fork(), new LogOptions
        {
            SegmentBytes = 12_000,
            IndexIntervalBytes = 300,
            FileDeleteDelayMs = chance.Below(2) == 0 ? 0 : 60_000,
        });
        world.Open(isClean: true);
        var model = new LogModel();
        var epoch = 0;
        for (int life = 0; life < 4; life++)
        {
            (long flushedEnd, int steps) = Live(world, model, chance, ref epoch);
            long recoveryPoint = chance.Below(2) == 0 ? world.Log.RecoveryPoint : 0;
            long logStart = model.Start;
            world.KillMachine((CrashLoss)chance.Below(5));
            world.Open(isClean: false, recoveryPoint, logStart);

            // What is left is what was flushed and some of what followed.
            Assert.InRange(world.Log.LogEndOffset, flushedEnd, Math.Max(flushedEnd, model.End));
            int kept = model.Batches.Count(batch => batch.LastOffset < world.Log.LogEndOffset);
            model = steps == 0 ? model : model.Prefix(kept);
            model.End = world.Log.LogEndOffset;
            model.Check(world.Log, chance);
        }
    }

    /// <summary>
    /// One life: appends, flushes, truncations. Returns the end that the last completed flush covered.
    /// </summary>
    private static (long FlushedEnd, int Steps) Live(LogWorld world, LogModel model, Prng chance, ref int epoch)
    {
        Task settled = world.Flush();
        world.Wait(300);
        Assert.True(settled.IsCompletedSuccessfully);
        long flushedEnd = world.Log.LogEndOffset;
        int steps = chance.Below(60);
        for (int i = 0; i < steps; i++)
        {
            switch (chance.Below(12))
            {
                case 0:
                    Task flush = world.Flush();
                    long end = model.End;
                    world.Wait(chance.Below(6));
                    flushedEnd = flush.IsCompletedSuccessfully ? Math.Max(flushedEnd, end) : flushedEnd;
                    break;
                case 1:
                    // As a follower does: what is cut off is followed by batches of a later epoch.
                    epoch++;
                    long to = model.End - chance.Below((int)Math.Min(30, model.End - model.Start + 1));
                    world.Do(() => world.Log.TruncateTo(to));
                    model.TruncateTo(to);
                    Task after = world.Flush();
                    world.Wait(300);
                    Assert.True(after.IsCompletedSuccessfully);
                    flushedEnd = model.End;
                    break;
                case 2:
                    world.Do(() => world.Log.Roll());
                    break;
                default:
                    Append(world, model, chance, epoch);
                    break;
            }
        }

        return (flushedEnd, steps);
    }

    private static void Append(LogWorld world, LogModel model, Prng chance, int epoch)
    {
        byte[] batch = LogModel.MakeBatch(chance, world.NowMs, -1, -1, -1);
        LogAppendResult result = default;
        world.Do(() => result = world.Log.AppendAsLeader(batch, epoch));
        Assert.Null(result.ErrorMessage);
        model.Add(batch);
        world.Wait(chance.Below(2));
    }
}
