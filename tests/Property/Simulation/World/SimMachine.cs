using System.Globalization;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Storage;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Disk;
using KRaftSharp.Tests.Property.Simulation.Network;

namespace KRaftSharp.Tests.Property.Simulation.World;

/// <summary>
/// One machine of the cluster: its disk and its address outlive the processes that run on it, one at a time. What a
/// process is made of is the subclass's business.
/// </summary>
internal abstract class SimMachine
{
    private readonly SimWorld _world;
    private readonly TimeSpan _skew;
    private readonly double _drift;
    private SimContext? _context;

    protected SimMachine(SimWorld world, int id)
    {
        _world = world;
        Id = id;
        Host = world.Network.Host(id);
        Disk = new SimDisk { NeverSynced = world.NeverSynced };
        _skew = TimeSpan.FromMilliseconds(world.Chance.Between(-300, 300));
        _drift = world.Chance.Between(-50, 50) / 10_000.0;
    }

    public int Id { get; }

    public SimHost Host { get; }

    public SimDisk Disk { get; }

    public int Life { get; private set; }

    public bool IsRunning => _context is { IsAlive: true, IsFrozen: false };

    /// <summary>The process is being shut down gracefully.</summary>
    public bool IsStopping { get; private set; }

    public SimContext? Context => _context;

    protected SimWorld World => _world;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"node {Id}");

    public void Start()
    {
        if (IsRunning)
        {
            return;
        }

        Life++;
        _context = new SimContext(_world.Scheduler, Name, Id) { Faulted = OnFault };
        Host.Life = _context;
        var time = new SimTimeProvider(_world.Scheduler, _context, _skew, _drift);
        var process = new SimProcess(
            Id,
            Life,
            _context,
            time,
            new SimStorage(_world.Scheduler, _context, Disk, _world.Chance.Fork()),
            new SimTransport(_world.Network, Host, _context, time),
            Host,
            _world.Chance.Fork());
        Say($"starts (life {Life})");
        _world.Scheduler.Schedule(_context, TimeSpan.Zero, () => Launch(process));
    }

    /// <summary>SIGKILL: the page cache survives.</summary>
    public void KillProcess()
    {
        if (_context is { IsAlive: true })
        {
            Say("is killed");
            Disk.LoseProcess();
            EndProcess();
        }
    }

    /// <summary>Power loss: of what was not synced, some or nothing survives.</summary>
    public void KillMachine(CrashLoss loss)
    {
        if (_context is { IsAlive: true })
        {
            Say($"loses power ({loss})");
            Disk.LoseMachine(loss, _world.Chance);
            EndProcess();
        }
    }

    /// <summary>
    /// Power loss in the middle of an event: the disk takes so many more writes, then nothing does anything any more.
    /// </summary>
    public void KillMachineAfterWrites(int writes, CrashLoss loss, Action whenDead)
    {
        SimContext? context = _context;
        Disk.WritesUntilPowerLoss = writes;
        Disk.PowerLost = () =>
        {
            Disk.PowerLost = null;
            context!.Freeze();
            Say("loses power in the middle of a write");
            _world.Scheduler.Schedule(_world.Scheduler.World, TimeSpan.Zero, () =>
            {
                if (ReferenceEquals(_context, context))
                {
                    KillMachine(loss);
                    whenDead();
                }
            });
        };
    }

    /// <summary>A graceful stop; <paramref name="stopped"/> is called when the process has ended.</summary>
    public void Stop(Action stopped)
    {
        if (!IsRunning || IsStopping)
        {
            return;
        }

        Say("is stopped");
        IsStopping = true;
        SimContext context = _context!;
        _world.Scheduler.Schedule(context, TimeSpan.Zero, () => _ = Guard(StopAsync(context, stopped)));
    }

    public void Pause(int durationMs)
    {
        if (_context is { } context)
        {
            Say($"stands still for {durationMs} ms");
            context.PausedUntilTicks = _world.Scheduler.NowTicks + (durationMs * TimeSpan.TicksPerMillisecond);
        }
    }

    public void Resume()
    {
        if (_context is { } context)
        {
            context.PausedUntilTicks = 0;
            _world.Scheduler.Release(context);
        }
    }

    /// <summary>Builds and starts what runs on this machine. Called in the process's context.</summary>
    protected abstract void Launch(SimProcess process);

    /// <summary>Stops gracefully what runs on this machine.</summary>
    protected abstract Task ShutdownAsync();

    /// <summary>What runs on this machine is gone.</summary>
    protected abstract void Forget();

    protected void Say(string what) => _world.Say(Name, what);

    /// <summary>
    /// What escapes from a node's code stops its process. A failing disk may do that; anything else is a violation.
    /// </summary>
    protected void OnFault(Exception error)
    {
        if (_context is not { IsAlive: true, IsFrozen: false } context)
        {
            return;
        }

        Exception cause = error is AggregateException { InnerException: { } inner } ? inner : error;
        Say($"stops: {cause.GetType().Name}: {cause.Message}");
        if (cause is not StorageException || !Disk.HasFailed)
        {
            string property = cause is InvariantViolationException ? "a node's own invariant" : "no code fails";
            _world.Violations.Add(property, $"node {Id}: {cause}");
        }

        context.Freeze();
        _world.Scheduler.Schedule(_world.Scheduler.World, TimeSpan.Zero, () =>
        {
            if (ReferenceEquals(context, _context))
            {
                KillProcess();
            }
        });
    }

    /// <summary>Awaits a task of this process; what it throws is the process's fault.</summary>
    protected async Task Guard(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (IsStopping)
        {
            // It was asked to stop before it had started.
        }
        catch (Exception error)
        {
            OnFault(error);
        }
    }

    private async Task StopAsync(SimContext context, Action stopped)
    {
        await ShutdownAsync();
        Say("has stopped");
        context.Freeze();
        _world.Scheduler.Schedule(_world.Scheduler.World, TimeSpan.Zero, () =>
        {
            if (ReferenceEquals(_context, context))
            {
                Disk.LoseProcess();
                EndProcess();
                stopped();
            }
        });
    }

    private void EndProcess()
    {
        _context?.End();
        _context = null;
        IsStopping = false;
        Disk.PowerLost = null;
        _world.Network.LoseProcess(Host);
        Forget();
    }
}
