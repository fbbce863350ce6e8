using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Quorum;
using KRaftSharp.Tests.Property.Simulation.Tests;

namespace KRaftSharp.Tests.Property.Seeds;

/// <summary>Schedules that the quorum's simulation once failed on, each with its cause.</summary>
public sealed class QuorumSeedTests
{
    private readonly QuorumSimulation _simulation = new();

    /// <summary>
    /// The leader had restarted; everybody found it gone, asked for pre-votes, was told by the others that it leads,
    /// and
    /// followed it again, for ever.
    /// </summary>
    [Fact]
    public void Seed9_OthersStillNameTheDeadLeader_ElectionGoesOn() => SimulationAssert.Passes(
        _simulation,
        new Scenario(9, 5, 8180,
        [
            new Fault(1630, FaultKind.CutOneLink, Target.Node1, 2335),
            new Fault(2005, FaultKind.KillMachine, Target.PartitionLeader, 690),
            new Fault(7180, FaultKind.Isolate, Target.PartitionFollower, 439),
        ]));

    /// <summary>A restarted node remembered the leader from its disk and never told its listeners.</summary>
    [Fact]
    public void Seed124_RestartedNodeRemembersTheLeader_ListenersHearOfIt() => SimulationAssert.Passes(
        _simulation,
        new Scenario(124, 3, 9715, [new Fault(8715, FaultKind.FailedFlush, Target.Node0, 386)]));

    /// <summary>
    /// While a slow disk synced a snapshot, a second one of the same id overwrote its file, which then got its name
    /// with
    /// content that was not durable.
    /// </summary>
    [Fact]
    public void Seed296_SnapshotBegunTwiceOnASlowDisk_SurvivesPowerLoss() => SimulationAssert.Passes(
        _simulation,
        new Scenario(296, 3, 7327,
        [
            new Fault(2526, FaultKind.KillAllProcesses, Target.Node2, 884),
            new Fault(5068, FaultKind.SlowDisk, Target.Node0, 1640),
            new Fault(6327, FaultKind.KillAllMachines, Target.PartitionLeader, 56),
        ]));
}
