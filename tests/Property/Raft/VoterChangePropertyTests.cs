using FsCheck.Xunit;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>
/// INVARIANTS.md, Quorum, while voters are added and removed, lose their disks and join again (KIP-853), over crashes,
/// lost messages, cuts and pauses.
/// </summary>
[Properties(Arbitrary = [typeof(VoterPlans)])]
public sealed class VoterChangePropertyTests
{
    private const int MostPlantedRuns = 3000;

    /// <summary>
    /// One change at a time, used at once; what is committed stays, on a majority of whoever votes; afterwards all
    /// agree on voters who are committed, and whoever joins by itself is one.
    /// </summary>
    [Property(MaxTest = 300, Replay = "853,2025")]
    public void Voters_ComeAndGoUnderFaults_QuorumKeepsItsInvariantsAndRecovers(RaftPlan plan) =>
        new RaftNet(plan).RunPlan();

    /// <summary>Each of these breaks one of the invariants.</summary>
    [Theory]
    [InlineData(PlantedFaults.OverlappingVoterChanges, "at most one uncommitted voter change")]
    [InlineData(PlantedFaults.AnyDirectoryVotes, "a majority of voters holds everything")]
    [InlineData(PlantedFaults.RemovedLeaderCounts, "a majority of voters holds everything")]
    public void Voters_WithAPlantedFault_IsCaught(PlantedFaults planted, string property)
    {
        Prng prng = new(853);
        for (int run = 0; run < MostPlantedRuns; run++)
        {
            try
            {
                new RaftNet(RandomPlan(prng), inReplica: planted).RunPlan();
            }
            catch (RaftViolationException caught) when (caught.Message.StartsWith(property, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"{planted} was not caught in {MostPlantedRuns} runs");
    }

    private static RaftPlan RandomPlan(Prng prng)
    {
        RaftFaultKind[] kinds = Enum.GetValues<RaftFaultKind>();
        int[] waits = [1, 5, 30, 200, 1500];
        List<RaftFault> faults = [];
        for (int i = 0; i < 14; i++)
        {
            RaftFaultKind kind = prng.Below(2) == 0
                ? kinds[prng.Below(kinds.Length)]
                : (RaftFaultKind)prng.Between((int)RaftFaultKind.AddVoter, (int)RaftFaultKind.LoseDisk);
            faults.Add(new RaftFault(waits[prng.Below(waits.Length)], kind, prng.Below(6), prng.Below(6)));
        }

        return new RaftPlan(
            3 + prng.Below(4), prng.Below(int.MaxValue), prng.Below(2) * 10, faults, IsDynamic: true,
            prng.Below(2) == 0);
    }
}
