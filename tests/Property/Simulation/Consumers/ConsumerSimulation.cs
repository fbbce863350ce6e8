using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Coordinators;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Consumers;

/// <summary>Whole nodes, and groups of the client's own consumers; promised is what <see cref="ClusterFaults"/>
/// says.</summary>
internal sealed class ConsumerSimulation : ISimulation
{
    private const int ShortestMs = 6000;
    private const int LongestMs = 14_000;

    /// <summary>What the members do wrong.</summary>
    public ConsumerMistake Mistake { get; init; }

    public string Name => "consumers";

    public Scenario Draw(ulong seed) =>
        Scenario.FromSeed(seed, ShortestMs, LongestMs, CoordinatorSimulation.DrawFault);

    public RunResult Run(Scenario scenario, bool isVerbose)
    {
        var world = new SimWorld(scenario, isVerbose);
        return new ClusterRun(
            world,
            new ClusterSetup(world, hasCoordinators: true),
            (machines, acknowledged) => new ConsumerClients(world, machines, acknowledged) { Mistake = Mistake }).Run();
    }
}
