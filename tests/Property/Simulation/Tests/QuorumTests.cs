using FsCheck;
using FsCheck.Fluent;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Quorum;
using KRaftSharp.Tests.Property.Simulation.Runs;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>The Quorum section of INVARIANTS.md, on the real replica with its driver.</summary>
public sealed class QuorumTests
{
    private const int FixedSeeds = 60;
    private const int GeneratedSchedules = 25;
    private readonly QuorumSimulation _simulation = new();

    [Fact]
    public void Quorum_FixedSeeds_BreakNoInvariant() => SimulationAssert.Seeds(_simulation, 1, FixedSeeds);

    [Fact]
    public void Quorum_GeneratedSchedules_BreakNoInvariant() => Prop.ForAll(
            Scenarios.Arbitrary(Scenario.DrawFault),
            scenario =>
            {
                RunResult result = _simulation.Run(scenario, isVerbose: false);
                return (!result.HasFailed).Label(result.HasFailed ? FailureReport.Of(_simulation, result, 0) : "");
            })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedSchedules));

    [Fact]
    public void Quorum_SameSeedTwice_GivesTheSameTrace() => SimulationAssert.Repeats(_simulation, 7);
}
