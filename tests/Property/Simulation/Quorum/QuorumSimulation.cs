using KRaftSharp.Log.Assertions;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Quorum;

/// <summary>The metadata quorum alone: the strongest promises, the most violent faults.</summary>
internal sealed class QuorumSimulation : ISimulation
{
    public string Name => "quorum";

    public PlantedFaults Planted { get; init; }

    public string? NeverSynced { get; init; }

    public Scenario Draw(ulong seed) => Scenario.FromSeed(seed);

    public RunResult Run(Scenario scenario, bool isVerbose) =>
        new QuorumCluster(
            new SimWorld(scenario, isVerbose) { Planted = Planted, NeverSynced = NeverSynced }).Run();
}
