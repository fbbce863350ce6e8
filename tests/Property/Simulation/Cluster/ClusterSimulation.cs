using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>Whole nodes with clients; see <see cref="ClusterFaults"/> for what is promised.</summary>
internal sealed class ClusterSimulation : ISimulation
{
    public string Name => "cluster";

    public Scenario Draw(ulong seed) => Scenario.FromSeed(seed);

    public RunResult Run(Scenario scenario, bool isVerbose) =>
        new ClusterRun(new SimWorld(scenario, isVerbose)).Run();
}
