using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>
/// The Idempotence, Groups and client sections of INVARIANTS.md, on whole nodes with groups and transactions at work;
/// docs/simulation.md says which line is checked where.
/// </summary>
public sealed class CoordinatorTests
{
    private const int FixedSeeds = 14;
    private const int GeneratedSchedules = 5;
    private readonly CoordinatorSimulation _simulation = new();

    [Fact]
    public void Coordinators_FixedSeeds_BreakNoInvariant() =>
        SimulationAssert.Seeds(_simulation, 1, FixedSeeds, leastAcknowledged: 100);

    [Fact]
    public void Coordinators_GeneratedSchedules_BreakNoInvariant() =>
        SimulationAssert.Generated(_simulation, GeneratedSchedules, CoordinatorSimulation.DrawFault);

    [Fact]
    public void Coordinators_SameSeedTwice_GivesTheSameTrace() => SimulationAssert.Repeats(_simulation, 7);

    /// <summary>One run after the other, each with a kill at one step of the next commits to come.</summary>
    [Fact]
    public void Coordinators_KilledAtEachStepOfACommit_BreakNoInvariant()
    {
        foreach (CommitStep step in Enum.GetValues<CommitStep>())
        {
            RunResult result = _simulation.Run(CoordinatorSimulation.KillingAt(step), isVerbose: false);

            Assert.False(result.HasFailed, result.HasFailed ? FailureReport.Of(_simulation, result) : null);
            Assert.True(result.CrashedAt.GetValueOrDefault(step) > 0, $"nothing came to {step}");
        }
    }
}
