using FsCheck.Xunit;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Roles;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Tests.Property.Raft;

/// <summary>
/// INVARIANTS.md, Quorum, over crashes, lost and doubled messages, cuts, pauses and slow disks. The planted faults at
/// the end show that each can fail.
/// </summary>
[Properties(Arbitrary = [typeof(RaftPlans)])]
public sealed class QuorumPropertyTests
{
    private const int MostPlantedRuns = 4000;

    /// <summary>One leader an epoch, epochs and watermarks rise, nothing committed is lost, it goes on after.</summary>
    [Property(MaxTest = 300)]
    public void Quorum_UnderFaults_KeepsItsInvariantsAndRecovers(RaftPlan plan) => new RaftNet(plan).RunPlan();

    /// <summary>The same seed gives the same run.</summary>
    [Property(MaxTest = 20)]
    public void Quorum_SamePlanTwice_RunsTheSame(RaftPlan plan)
    {
        RaftNet first = new(plan);
        RaftNet second = new(plan);

        first.RunPlan();
        second.RunPlan();

        Assert.Equal(first.NowMs, second.NowMs);
        Assert.Equal(first.Oracle.CommittedCount, second.Oracle.CommittedCount);
        Assert.Equal(
            first.Nodes.Select(node => (node.LastEpoch, node.Log.EndOffset)),
            second.Nodes.Select(node => (node.LastEpoch, node.Log.EndOffset)));
    }

    /// <summary>Each of these is caught by the invariants; the first also by EngineTrialTests.</summary>
    [Theory]
    [InlineData(PlantedFault.AckBeforeFlush)]
    [InlineData(PlantedFault.VoteBeforeSync)]
    [InlineData(PlantedFault.NoTruncation)]
    [InlineData(PlantedFault.TruncateToHighWatermark)]
    public void Quorum_WithAPlantedFault_IsCaught(PlantedFault planted)
    {
        Prng prng = new(2026);
        for (int run = 0; run < MostPlantedRuns; run++)
        {
            RaftPlan plan = RandomPlan(prng);
            try
            {
                new RaftNet(plan, planted).RunPlan();
            }
            catch (Exception caught) when (caught is RaftViolationException or InvariantViolationException)
            {
                return;
            }
        }

        Assert.Fail($"{planted} was not caught in {MostPlantedRuns} runs");
    }

    /// <summary>The watermark is what a majority of all voters holds, also with four of them.</summary>
    [Property(MaxTest = 500)]
    public void MajorityOffset_OfAnyEnds_IsTheGreatestThatAMajorityHolds(byte[] others, byte own)
    {
        byte[] ends = [.. (others ?? []).Take(6)];
        LeaderProgress leader = Progress(ends);

        long offset = leader.MajorityOffset(own);

        Assert.Equal(Naive([.. ends, own]), offset);
    }

    [Fact]
    public void MajorityOffset_TwoOfFiveHoldIt_IsNotCommitted()
    {
        LeaderProgress leader = Progress([9, 3, 3, 0]);

        Assert.Equal(3, leader.MajorityOffset(9));
    }

    /// <summary>Raft, section 5.4.2: records of earlier epochs are committed by one of this epoch only.</summary>
    [Property(MaxTest = 200)]
    public void MajorityOffset_OfEarlierEpochsAlone_IsNotCommitted(byte[] others, byte own, byte epochStart)
    {
        byte[] ends = [.. (others ?? []).Take(6)];
        long held = Naive([.. ends, own]);

        Assert.Equal(held > epochStart ? held : -1, Progress(ends, epochStart).MajorityOffset(own));
    }

    private static LeaderProgress Progress(IReadOnlyList<byte> ends, long epochStart = -1)
    {
        VoterSet voters = VoterSet.FromEndpoints(
            Enumerable.Range(0, ends.Count + 1).Select(id => new PeerEndpoint(id, "node", 1)));
        LeaderProgress leader = new(
            voters, new ReplicaKey(ends.Count, default), epochStart, nowMs: 0, fetchTimeoutMs: 1000);
        for (int id = 0; id < ends.Count; id++)
        {
            leader.OtherVoters[id].Fetched(ends[id], leaderEndOffset: 300, nowMs: 1);
        }

        return leader;
    }

    private static long Naive(byte[] ends) =>
        ends.Where(end => ends.Count(other => other >= end) > ends.Length / 2).Max(end => (long)end);

    private static RaftPlan RandomPlan(Prng prng)
    {
        RaftFaultKind[] kinds = [.. Enum.GetValues<RaftFaultKind>().Where(kind => kind <= RaftFaultKind.RestartAll)];
        int[] waits = [1, 5, 30, 200, 1500];
        List<RaftFault> faults = [];
        for (int i = 0; i < 12; i++)
        {
            faults.Add(new RaftFault(
                waits[prng.Below(waits.Length)], kinds[prng.Below(kinds.Length)], prng.Below(5), prng.Below(5)));
        }

        return new RaftPlan(3 + (2 * prng.Below(2)), prng.Below(int.MaxValue), prng.Below(2) * 10, faults);
    }
}
