using KRaftSharp.Tests.Property.Simulation.Cluster;

namespace KRaftSharp.Tests.Property.Simulation.Tests;

/// <summary>
/// The Controller, Partition and client sections of INVARIANTS.md, on whole nodes; what is promised for which fault
/// stands with <see cref="ClusterFaults"/>.
/// </summary>
public sealed class ClusterTests
{
    private const int FixedSeeds = 15;
    private const int ReassignmentSeeds = 10;
    private const int GeneratedSchedules = 15;
    private readonly ClusterSimulation _simulation = new();

    [Fact]
    public void Cluster_FixedSeeds_BreakNoInvariant() => SimulationAssert.Seeds(_simulation, 1, FixedSeeds);

    [Fact]
    public void Cluster_GeneratedSchedules_BreakNoInvariant() =>
        SimulationAssert.Generated(_simulation, GeneratedSchedules);

    /// <summary>Replicas move while nodes fail: nothing is lost, and each reassignment ends.</summary>
    [Fact]
    public void Reassignment_FixedSeeds_BreakNoInvariant() =>
        SimulationAssert.Seeds(new ClusterSimulation { Reassigns = true }, 500, ReassignmentSeeds);

    [Fact]
    public void Cluster_SameSeedTwice_GivesTheSameTrace() => SimulationAssert.Repeats(_simulation, 7);
}
