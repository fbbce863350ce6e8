using KRaftSharp.Broker.Replication.Sessions;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Tests;

namespace KRaftSharp.Tests.Property.Seeds;

/// <summary>Schedules that the cluster's simulation once failed on, each with its cause.</summary>
public sealed class ClusterSeedTests
{
    private readonly ClusterSimulation _simulation = new();

    /// <summary>
    /// A leader whose machine lost power was back before anybody had noticed, and went on leading in its old epoch with
    /// a log that had lost its end.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void LeaderBackAtOnceAfterPowerLoss_DoesNotLeadWithWhatIsLeft(ulong seed) => SimulationAssert.Passes(
        _simulation,
        new Scenario(seed, 3, 7000, [new Fault(5000, FaultKind.KillMachine, Target.PartitionLeader, 50)]));

    /// <summary>The active controller's shutdown hung when its successor was elected before all had heard.</summary>
    [Fact]
    public void ActiveControllerStops_SuccessorIsElectedFirst_ShutdownEnds() => SimulationAssert.Passes(
        _simulation,
        new Scenario(46, 3, 3558, [new Fault(2558, FaultKind.Stop, Target.ActiveController, 60)]));

    /// <summary>
    /// A follower that had to truncate was told the high watermark with that answer, did not take it over, and was
    /// not told again.
    /// </summary>
    [Fact]
    public void Seed1006_FollowerTruncates_IsToldTheHighWatermarkAgain()
    {
        var entry = new FetchEntry(default);
        entry.Answered(isTaken: false, highWatermark: 973, logStart: 0);
        Assert.True(entry.MustAnswer(ErrorCode.None, hasRecords: false, diverges: false, 973, 0));

        entry.Answered(isTaken: true, highWatermark: 973, logStart: 0);
        Assert.False(entry.MustAnswer(ErrorCode.None, hasRecords: false, diverges: false, 973, 0));
    }

    /// <summary>A failed sync of a log left the node running with a log that answers errors.</summary>
    [Fact]
    public void Seed1014_SyncFails_NodeStops() => SimulationAssert.Passes(
        _simulation,
        new Scenario(1014, 3, 10_239, [new Fault(9239, FaultKind.FailedFlush, Target.Node1, 1296)]));
}
