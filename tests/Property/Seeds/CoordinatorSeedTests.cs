using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Tests;

namespace KRaftSharp.Tests.Property.Seeds;

/// <summary>Schedules that the coordinators' simulation once failed on, each with its cause.</summary>
public sealed class CoordinatorSeedTests
{
    private readonly CoordinatorSimulation _simulation = new();

    /// <summary>
    /// Tombstones were written as empty values, which a loading coordinator passed over: members that had left or were
    /// fenced came back with the next coordinator, and their commits were taken.
    /// </summary>
    [Fact]
    public void Seed20_CoordinatorMoves_MembersThatAreGoneStayGone() => SimulationAssert.Passes(
        _simulation,
        new Scenario(20, 5, 6442,
        [
            new Fault(4470, FaultKind.KillProcess, Target.TransactionCoordinator, 70),
            new Fault(5442, FaultKind.KillProcess, Target.Node2, 58),
        ]));
}
