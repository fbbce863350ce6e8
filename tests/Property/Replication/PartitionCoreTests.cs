using FsCheck.Xunit;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Replication;

/// <summary>Leader and follower cores over any history of fetches, crashes, elections and ISR changes.</summary>
public sealed class PartitionCoreTests
{
    [Property(MaxTest = 300, StartSize = 50, EndSize = 600)]
    public void Partition_OverAnyHistory_KeepsItsInvariants((byte What, byte Who)[] story) =>
        Assert.Null(Tell(story, PlantedFault.None).Broken);

    [Fact]
    public void Partition_OverLongHistories_KeepsItsInvariantsAndAcknowledges()
    {
        int acknowledged = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            CoreCluster cluster = Tell(Story(seed), PlantedFault.None);
            Assert.True(cluster.Broken is null, $"seed {seed}: {cluster.Broken}");
            acknowledged += cluster.AcknowledgedCount;
        }

        Assert.True(acknowledged > 3000, $"only {acknowledged} records were acknowledged");
    }

    [Theory]
    [InlineData(PlantedFault.TruncatesToHighWatermark)]
    [InlineData(PlantedFault.AcknowledgesOnAppend)]
    [InlineData(PlantedFault.ExpandsTooEarly)]
    public void PlantedFault_IsFound(PlantedFault fault) => Assert.Contains(
        Enumerable.Range(0, 300), seed => Tell(Story((ulong)seed), fault).Broken is not null);

    private static CoreCluster Tell(IEnumerable<(byte What, byte Who)> story, PlantedFault fault)
    {
        var cluster = new CoreCluster(fault);
        foreach ((byte what, byte who) in story)
        {
            cluster.Step(what, who);
            if (cluster.Broken is not null)
            {
                break;
            }
        }

        return cluster;
    }

    private static IEnumerable<(byte What, byte Who)> Story(ulong seed)
    {
        var chance = new Prng(seed);
        for (int i = 0; i < 1000; i++)
        {
            // Crashes are rarer than the rest, else hardly anything is ever replicated.
            byte what = (byte)chance.Below(16);
            yield return (what == 10 && chance.Below(3) > 0 ? (byte)3 : what, (byte)chance.Below(256));
        }
    }
}
