using KRaftSharp.Log.Assertions;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Consumers;
using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Quorum;
using KRaftSharp.Tests.Property.Simulation.Runs;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>A simulator that finds nothing proves nothing: each planted fault must break a property within few seeds.
/// </summary>
public sealed class PlantedFaultTests
{
    private const int MostSeeds = 60;

    /// <summary>Files of the quorum whose syncs do nothing.</summary>
    [Theory]
    [InlineData("quorum-state")]
    [InlineData(".log")]
    public void Quorum_NoSyncBeforeItCounts_IsCaught(string file) =>
        AssertCaught(new QuorumSimulation { NeverSynced = file });

    [Theory]
    [InlineData(PlantedFaults.MinorityHighWatermark)]
    [InlineData(PlantedFaults.StaleEpochs)]
    public void Quorum_PlantedFault_IsCaught(PlantedFaults planted) =>
        AssertCaught(new QuorumSimulation { Planted = planted });

    [Theory]
    [InlineData(PlantedFaults.TruncateToHighWatermark)]
    [InlineData(PlantedFaults.EarlyIsrExpansion)]
    [InlineData(PlantedFaults.AckBeforeReplication)]
    [InlineData(PlantedFaults.SnapshotWithoutTail)]
    [InlineData(PlantedFaults.DuplicateSequence)]
    public void Cluster_PlantedFault_IsCaught(PlantedFaults planted) =>
        AssertCaught(new ClusterSimulation { Planted = planted });

    [Theory]
    [InlineData(PlantedFaults.UnreplicatedCommits)]
    [InlineData(PlantedFaults.EarlyMarkers)]
    [InlineData(PlantedFaults.StablePastOpenTransactions)]
    [InlineData(PlantedFaults.AbortedIndexMissesAnEntry)]
    [InlineData(PlantedFaults.TwoOwners)]
    [InlineData(PlantedFaults.StaleCommits)]
    [InlineData(PlantedFaults.TimeoutKeepsTheEpoch)]
    [InlineData(PlantedFaults.EarlyOffsets)]
    [InlineData(PlantedFaults.UnverifiedProduce)]
    public void Coordinators_PlantedFault_IsCaught(PlantedFaults planted) =>
        AssertCaught(new CoordinatorSimulation { Planted = planted });

    [Theory]
    [InlineData((int)ConsumerMistake.CommitsAhead)]
    [InlineData((int)ConsumerMistake.TwoOwners)]
    public void Consumers_Mistake_IsCaught(int mistake) =>
        AssertCaught(new ConsumerSimulation { Mistake = (ConsumerMistake)mistake });

    private static void AssertCaught(ISimulation simulation)
    {
        for (ulong seed = 1; seed <= MostSeeds; seed++)
        {
            if (simulation.Run(simulation.Draw(seed), isVerbose: false).HasFailed)
            {
                return;
            }
        }

        Assert.Fail($"no property was broken in {MostSeeds} seeds");
    }
}
