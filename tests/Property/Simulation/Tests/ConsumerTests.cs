using KRaftSharp.Tests.Property.Simulation.Consumers;
using KRaftSharp.Tests.Property.Simulation.Coordinators;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>The Groups and client sections of INVARIANTS.md, with consumers of src/Client as members.</summary>
public sealed class ConsumerTests
{
    private const int FixedSeeds = 8;
    private const int GeneratedSchedules = 2;
    private readonly ConsumerSimulation _simulation = new();

    [Fact]
    public void Consumers_FixedSeeds_BreakNoInvariant() =>
        SimulationAssert.Seeds(_simulation, 1, FixedSeeds, leastAcknowledged: 50);

    [Fact]
    public void Consumers_GeneratedSchedules_BreakNoInvariant() =>
        SimulationAssert.Generated(_simulation, GeneratedSchedules, CoordinatorSimulation.DrawFault);

    [Fact]
    public void Consumers_SameSeedTwice_GivesTheSameTrace() => SimulationAssert.Repeats(_simulation, 3);
}
