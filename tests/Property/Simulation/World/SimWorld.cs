using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Checkers;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Faults;
using KRaftSharp.Tests.Property.Simulation.Network;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>
/// What one run has besides its nodes: the loop, the network, the timeline, chance and what was violated.
/// </summary>
internal sealed class SimWorld
{
    private readonly SortedDictionary<FaultKind, int> _struck = [];

    public SimWorld(Scenario scenario, bool isVerbose)
    {
        Scenario = scenario;
        IsVerbose = isVerbose;
        Trace = new SimTrace();
        Scheduler = new SimScheduler(Trace);
        Chance = new Prng(scenario.Seed);
        Network = new SimNetwork(Scheduler, Chance.Fork());
    }

    public Scenario Scenario { get; }

    /// <summary>Whether nodes' log lines of every level go into the timeline.</summary>
    public bool IsVerbose { get; }

    public PlantedFaults Planted { get; init; }

    /// <summary>True when the administrator moves replicas, too.</summary>
    public bool Reassigns { get; init; }

    /// <summary>A planted fault of the disks: see <see cref="Disk.SimDisk.NeverSynced"/>.</summary>
    public string? NeverSynced { get; init; }

    public SimTrace Trace { get; }

    public SimScheduler Scheduler { get; }

    public SimNetwork Network { get; }

    public Prng Chance { get; }

    public Violations Violations { get; } = new();

    /// <summary>Faults that wait for a step of a commit.</summary>
    public StepTriggers Steps { get; } = new();

    /// <summary>How often each kind of fault has really struck.</summary>
    public IReadOnlyDictionary<FaultKind, int> Struck => _struck;

    public void Say(string who, string what) => Trace.Line(Scheduler.NowTicks, who, what);

    public void CountFault(FaultKind kind) => _struck[kind] = _struck.GetValueOrDefault(kind) + 1;

    public void After(int delayMs, Action action) =>
        Scheduler.Schedule(Scheduler.World, TimeSpan.FromMilliseconds(delayMs), action);

    /// <summary>Runs until that virtual time, a violation, or <paramref name="stop"/>.</summary>
    public void RunUntil(long untilMs, Func<bool>? stop = null) => Scheduler.RunUntil(
        untilMs * TimeSpan.TicksPerMillisecond,
        () => Violations.Found.Count > 0 || stop?.Invoke() == true);
}
