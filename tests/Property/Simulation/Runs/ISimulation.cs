using KRaftSharp.Tests.Property.Simulation.Faults;

namespace KRaftSharp.Tests.Property.Simulation.Runs;

/// <summary>Something that runs a scenario from its start to a verdict.</summary>
internal interface ISimulation
{
    /// <summary>The name by which scripts and messages call it.</summary>
    string Name { get; }

    Scenario Draw(ulong seed);

    /// <param name="isVerbose">Everything that nodes log goes into the timeline; changes nothing else.</param>
    RunResult Run(Scenario scenario, bool isVerbose);
}
