using KRaftSharp.Tests.Property.Simulation.Quorum;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>The Quorum section of INVARIANTS.md, on the real replica with its driver.</summary>
public sealed class QuorumTests
{
    private const int FixedSeeds = 60;
    private const int GeneratedSchedules = 50;
    private readonly QuorumSimulation _simulation = new();

    [Fact]
    public void Quorum_FixedSeeds_BreakNoInvariant() => SimulationAssert.Seeds(_simulation, 1, FixedSeeds);

    [Fact]
    public void Quorum_GeneratedSchedules_BreakNoInvariant() =>
        SimulationAssert.Generated(_simulation, GeneratedSchedules);

    [Fact]
    public void Quorum_SameSeedTwice_GivesTheSameTrace() => SimulationAssert.Repeats(_simulation, 7);
}
