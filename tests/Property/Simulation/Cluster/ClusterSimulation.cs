using KRaftSharp.Log.Assertions;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>Whole nodes with clients; see <see cref="ClusterFaults"/> for what is promised.</summary>
internal sealed class ClusterSimulation : ISimulation
{
    private const int ShortestMs = 5000;
    private const int LongestMs = 12_000;

    public string Name => Reassigns ? "reassignments" : "cluster";

    public PlantedFaults Planted { get; init; }

    /// <summary>True when the administrator moves replicas, too.</summary>
    public bool Reassigns { get; init; }

    public Scenario Draw(ulong seed) => Scenario.FromSeed(seed, ShortestMs, LongestMs);

    public RunResult Run(Scenario scenario, bool isVerbose) =>
        Run(new SimWorld(scenario, isVerbose) { Planted = Planted, Reassigns = Reassigns });

    private static RunResult Run(SimWorld world) => new ClusterRun(
        world,
        new ClusterSetup(world),
        (_, acknowledged) => new ClusterClients(world, world.Scenario.NodeCount, acknowledged)).Run();
}
