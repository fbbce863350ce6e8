using FsCheck;
using FsCheck.Xunit;

namespace KRaftSharp.Tests.Property.Sharing;

/// <summary>
/// Over histories of fetches, acknowledgements, locks that run out, writes that fail and leaders that change: no record
/// is held by two members, none is delivered more often than it may be, the start only passes what is done, what was
/// persisted is there again, and once everything goes well every record ends, once.
/// </summary>
public sealed class SharePartitionTests
{
    [Property(MaxTest = 200, Replay = "5291733,7201153")]
    public void SharePartition_OverAnyHistory_IsAsTheNaiveOne(DoNotSize<ulong> seed) =>
        Assert.Null(Tell(seed.Item, PlantedFault.None));

    [Fact]
    public void SharePartition_OverFixedHistories_IsAsTheNaiveOne()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            string? broken = Tell(seed, PlantedFault.None);
            Assert.True(broken is null, $"seed {seed}: {broken}");
        }
    }

    [Theory]
    [InlineData(PlantedFault.RecordHandedToTwoMembers)]
    [InlineData(PlantedFault.CountForgotten)]
    [InlineData(PlantedFault.AcknowledgementNotKept)]
    [InlineData(PlantedFault.StartPassesOpenRecord)]
    [InlineData(PlantedFault.RollBackForgotten)]
    public void PlantedFault_IsFound(PlantedFault fault) =>
        Assert.Contains(Enumerable.Range(0, 100), seed => Tell((ulong)seed, fault) is not null);

    private static string? Tell(ulong seed, PlantedFault fault)
    {
        ShareWorld world = new(seed, fault);
        for (int i = 0; i < 250 && world.Broken is null; i++)
        {
            world.Step();
        }

        world.Finish();
        return world.Broken;
    }
}
