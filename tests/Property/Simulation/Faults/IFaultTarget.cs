using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>A simulated cluster, as faults see it.</summary>
internal interface IFaultTarget
{
    IReadOnlyList<SimMachine> Machines { get; }

    /// <summary>The machine that has the role just now; null where nobody has.</summary>
    SimMachine? Find(Target role);

    /// <summary>
    /// Whether a machine may lose unsynced writes now without breaking what the cluster promises. Where not, only its
    /// process dies.
    /// </summary>
    bool MayLoseMachine(SimMachine machine);

    /// <summary>Whether all machines may lose power at once.</summary>
    bool MayLoseAllMachines { get; }

    /// <summary>
    /// Whether other faults must wait because a machine that lost power has not caught up yet.
    /// </summary>
    bool IsRecovering { get; }

    /// <summary>Called after a machine has lost power.</summary>
    void HasLostPower(SimMachine machine);
}
