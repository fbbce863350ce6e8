using FsCheck;
using FsCheck.Xunit;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Log.Compaction;

/// <summary>
/// Compaction keeps each key's last value, all offsets and their order, never shows what was aborted, and touches
/// nothing from the first uncleanable offset on: whatever was written, whenever it ran, and wherever it was cut off.
/// </summary>
public sealed class CompactionTests
{
    [Property(MaxTest = 60)]
    public void AnyHistory_KeepsTheLastValueOfEachKey(DoNotSize<ulong> seed)
    {
        var world = new CompactionWorld(new Prng(seed.Item));
        for (int life = 0; life < 4; life++)
        {
            int steps = world.Chance.Below(120);
            for (int i = 0; i < steps; i++)
            {
                world.Step();
            }

            world.FinishCleaning();
            world.Check();
            world.Restart();
            if (world.HasHole)
            {
                return;
            }

            world.Check();
        }
    }

    [Property(MaxTest = 5)]
    public void PowerLossAtAnyWriteOfACleaning_LeavesTheLastValueOfEachKey(DoNotSize<ulong> seed)
    {
        bool isDone = false;
        for (int writes = 1; !isDone; writes++)
        {
            var world = new CompactionWorld(new Prng(seed.Item));
            for (int i = 0; i < 60; i++)
            {
                world.Step();
            }

            world.FinishCleaning();
            world.Commit();
            world.LosePowerAfter(writes);
            world.StartCleaning();
            isDone = world.FinishCleaning() || !world.HasLostPower;
            world.Restart();
            Assert.False(world.HasHole);
            world.Check();

            // And what was left is cleaned as any other log.
            world.Commit();
            world.StartCleaning();
            world.FinishCleaning();
            world.Check();
        }
    }
}
