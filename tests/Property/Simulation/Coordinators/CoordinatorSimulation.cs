using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Cluster;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Runs;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>Whole nodes whose group and transaction coordinators are put to work; promised is what
/// <see cref="ClusterFaults"/> says.</summary>
internal sealed class CoordinatorSimulation : ISimulation
{
    private const int ShortestMs = 6000;
    private const int LongestMs = 12_000;

    public string Name => "coordinators";

    public PlantedFaults Planted { get; init; }

    public Scenario Draw(ulong seed) => Scenario.FromSeed(seed, ShortestMs, LongestMs, DrawFault);

    public RunResult Run(Scenario scenario, bool isVerbose)
    {
        var world = new SimWorld(scenario, isVerbose) { Planted = Planted };
        return new ClusterRun(
            world,
            new ClusterSetup(world, hasCoordinators: true),
            (machines, acknowledged) => new CoordinatorClients(world, machines, acknowledged)).Run();
    }

    /// <summary>More often than elsewhere a process dies, and mostly a coordinator's.</summary>
    public static Fault DrawFault(Prng chance, int nodes, int durationMs)
    {
        Fault fault = Scenario.DrawFault(chance, nodes, durationMs);
        FaultKind kind = chance.Below(12) switch
        {
            < 5 => FaultKind.KillAtCommitStep,
            < 7 => FaultKind.KillProcess,
            7 => FaultKind.KillAllProcesses,
            _ => fault.Kind,
        };
        Target target = chance.Below(4) switch
        {
            0 => Target.GroupCoordinator,
            1 => Target.TransactionCoordinator,
            _ => fault.Target,
        };
        CommitStep? step = kind == FaultKind.KillAtCommitStep
            ? (CommitStep)chance.Below(Enum.GetValues<CommitStep>().Length)
            : null;
        return fault with { Kind = kind, Target = target, Step = step };
    }

    /// <summary>Nothing goes wrong but kills at one step of a commit, again and again.</summary>
    public static Scenario KillingAt(CommitStep step) => new(
        (ulong)step + 1,
        NodeCount: 3,
        DurationMs: 7000,
        [.. Enumerable.Range(0, 4).Select(i =>
            new Fault(2000 + (1100 * i), FaultKind.KillAtCommitStep, Target.Node0, 300, step))]);
}
