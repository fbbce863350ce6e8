using KRaftSharp.Log.Scheduling;
using KRaftSharp.Tests.Property.Simulation.Disk;
using KRaftSharp.Tests.Property.Simulation.Network;
using KRaftSharp.Tests.Property.Simulation.World;

namespace KRaftSharp.Tests.Property.Simulation.Faults;

/// <summary>
/// Makes a scenario's faults happen, each at its time, and undoes them. Draws from a stream of its own for each fault,
/// so that leaving one out does not change the others.
/// </summary>
internal sealed class FaultInjector(SimWorld world, IFaultTarget cluster)
{
    /// <summary>A node whose disk was full or failing: it is restarted when that is over.</summary>
    private const int RestartDelayMs = 50;

    private const int MidWriteWindowMs = 200;
    private bool _isHealed;

    public void Schedule()
    {
        for (int i = 0; i < world.Scenario.Faults.Count; i++)
        {
            Fault fault = world.Scenario.Faults[i];
            var chance = new Prng(world.Scenario.Seed ^ ((ulong)fault.AtMs << 20) ^ ((ulong)fault.Kind << 8));
            world.After(fault.AtMs, () => Strike(fault, chance));
        }
    }

    /// <summary>Undoes everything: links, disks, pauses; starts what is down.</summary>
    public void HealAll()
    {
        world.Say("world", "is healed");
        _isHealed = true;
        world.Network.Heal();
        foreach (SimMachine machine in cluster.Machines)
        {
            machine.Resume();
            if (machine.Disk.HasFailed)
            {
                machine.KillProcess();
            }

            machine.Disk.Heal();
            machine.Start();
        }
    }

    private void Strike(Fault fault, Prng chance)
    {
        SimMachine? target = fault.Target < Target.ActiveController
            ? cluster.Machines[(int)fault.Target % cluster.Machines.Count]
            : cluster.Find(fault.Target);
        if (target is null || cluster.IsRecovering)
        {
            return;
        }

        fault = fault with { Kind = Allowed(fault.Kind, target) };
        world.CountFault(fault.Kind);
        world.Say("fault", $"{fault.Kind} of node {target.Id} for {fault.DurationMs} ms");
        switch (fault.Kind)
        {
            case FaultKind.KillProcess:
            case FaultKind.KillMachine:
            case FaultKind.KillMachineMidWrite:
            case FaultKind.Stop:
            case FaultKind.KillAllProcesses:
            case FaultKind.KillAllMachines:
                End(fault, target, chance);
                break;
            case FaultKind.KillAtCommitStep:
                KillAtStep(fault, chance);
                break;
            case FaultKind.Pause:
                target.Pause(fault.DurationMs);
                break;
            case FaultKind.SlowDisk:
            case FaultKind.FullDisk:
            case FaultKind.FailedFlush:
                SpoilDisk(fault, target);
                break;
            default:
                SpoilLinks(fault, target);
                break;
        }
    }

    /// <summary>Only the processes die where a loss of power would break more than is promised.</summary>
    private FaultKind Allowed(FaultKind kind, SimMachine target) => kind switch
    {
        FaultKind.KillMachine or FaultKind.KillMachineMidWrite when !cluster.MayLoseMachine(target) =>
            FaultKind.KillProcess,
        FaultKind.KillAllMachines when !cluster.MayLoseAllMachines => FaultKind.KillAllProcesses,
        _ => kind,
    };

    private void End(Fault fault, SimMachine target, Prng chance)
    {
        var loss = (CrashLoss)chance.Below(Enum.GetValues<CrashLoss>().Length);
        IEnumerable<SimMachine> dying = fault.Kind is FaultKind.KillAllProcesses or FaultKind.KillAllMachines
            ? cluster.Machines
            : [target];
        foreach (SimMachine machine in dying.Where(machine => machine.IsRunning).ToList())
        {
            if (fault.Kind == FaultKind.Stop)
            {
                machine.Stop(() => StartAfter(fault.DurationMs, machine));
            }
            else if (fault.Kind is FaultKind.KillProcess or FaultKind.KillAllProcesses)
            {
                machine.KillProcess();
                StartAfter(fault.DurationMs, machine);
            }
            else if (fault.Kind == FaultKind.KillMachineMidWrite)
            {
                LosePowerMidWrite(machine, fault, loss, chance.Between(1, 40));
            }
            else
            {
                cluster.HasLostPower(machine);
                machine.KillMachine(loss);
                AfterPowerLoss(machine, fault);
            }
        }
    }

    private void KillAtStep(Fault fault, Prng chance)
    {
        CommitStep step = fault.Step ?? (CommitStep)chance.Below(Enum.GetValues<CommitStep>().Length);
        bool isAll = chance.Below(4) == 0;
        world.Steps.Arm(step, nodeId =>
        {
            if (_isHealed || cluster.IsRecovering)
            {
                return;
            }

            world.Say("fault", $"kill at {step} of {(isAll ? "all" : $"node {nodeId}")}");
            foreach (SimMachine machine in cluster.Machines.Where(
                machine => machine.IsRunning && (isAll || machine.Id == nodeId)))
            {
                machine.KillProcess();
                StartAfter(fault.DurationMs, machine);
            }
        });
    }

    private void LosePowerMidWrite(SimMachine machine, Fault fault, CrashLoss loss, int writes)
    {
        cluster.HasLostPower(machine);
        bool happened = false;
        machine.KillMachineAfterWrites(writes, loss, () =>
        {
            happened = true;
            AfterPowerLoss(machine, fault);
        });
        world.After(MidWriteWindowMs, () =>
        {
            if (!happened && machine.Disk.PowerLost is not null)
            {
                machine.KillProcess();
                StartAfter(fault.DurationMs, machine);
            }
        });
    }

    private void StartAfter(int delayMs, SimMachine machine) => world.After(_isHealed ? 0 : delayMs, machine.Start);

    /// <summary>A machine without power says nothing: no reset, no refusal, until it is back.</summary>
    private void AfterPowerLoss(SimMachine machine, Fault fault)
    {
        Others(machine, (from, to) => world.Network.Link(from, to).IsBlocked = true);
        world.After(fault.DurationMs, () =>
        {
            Others(machine, (from, to) => world.Network.Link(from, to).IsBlocked = false);
            machine.Start();
        });
    }

    private void SpoilDisk(Fault fault, SimMachine target)
    {
        switch (fault.Kind)
        {
            case FaultKind.SlowDisk:
                target.Disk.FlushDelay = (20, 800);
                break;
            case FaultKind.FullDisk:
                target.Disk.IsFull = true;
                break;
            default:
                target.Disk.FailingFlushes = 1;
                break;
        }

        world.After(fault.DurationMs, () =>
        {
            bool failed = target.Disk.HasFailed;
            target.Disk.Heal();
            if (failed)
            {
                target.KillProcess();
                world.After(RestartDelayMs, target.Start);
            }
        });
    }

    private void SpoilLinks(Fault fault, SimMachine target)
    {
        Action<SimLink> spoil = fault.Kind switch
        {
            FaultKind.BreakConnections => static link => link.BreaksPermille = 100,
            FaultKind.Stall => static link => link.StallsPermille = 200,
            _ => static link => link.IsBlocked = true,
        };
        Action<SimLink> mend = fault.Kind switch
        {
            FaultKind.BreakConnections => static link => link.BreaksPermille = 0,
            FaultKind.Stall => static link => link.StallsPermille = 0,
            _ => static link => link.IsBlocked = false,
        };
        List<SimLink> links = LinksOf(fault.Kind, target);
        links.ForEach(spoil);
        world.After(fault.DurationMs, () => links.ForEach(mend));
    }

    private List<SimLink> LinksOf(FaultKind kind, SimMachine target)
    {
        var links = new List<SimLink>();
        int next = cluster.Machines[(IndexOf(target) + 1) % cluster.Machines.Count].Id;
        Others(target, (from, to) =>
        {
            bool isHit = kind switch
            {
                FaultKind.Mute => from == target.Id,
                FaultKind.Deafen => to == target.Id,
                FaultKind.CutOneLink => from == next || to == next,
                _ => true,
            };
            if (isHit)
            {
                links.Add(world.Network.Link(from, to));
            }
        });
        return links;
    }

    private int IndexOf(SimMachine target)
    {
        for (int i = 0; i < cluster.Machines.Count; i++)
        {
            if (ReferenceEquals(cluster.Machines[i], target))
            {
                return i;
            }
        }

        throw new InvalidOperationException("not a machine of this cluster");
    }

    private void Others(SimMachine target, Action<int, int> action)
    {
        foreach (int other in world.Network.HostIds.Where(id => id != target.Id))
        {
            action(target.Id, other);
            action(other, target.Id);
        }
    }
}
