using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Tests.Property.Simulation.Clock;
using KRaftSharp.Tests.Property.Simulation.Disk;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>One log on a simulated disk, in processes that end in any way.</summary>
internal sealed class LogWorld
{
    public const string Directory = "/data/topic-0";

    private readonly Prng _chance;
    private SimContext _life;
    private PartitionLog? _log;

    public LogWorld(Prng chance, LogOptions options)
    {
        _chance = chance;
        Options = options;
        _life = new SimContext(Scheduler, "node", 1);
        Storage = new SimStorage(Scheduler, _life, Disk, chance.Fork());
        Files = new SimStorage(Scheduler, Scheduler.World, Disk, chance.Fork());
        Storage.CreateDirectory("/data");
        Storage.SyncDirectory("/");
    }

    public SimScheduler Scheduler { get; } = new(new SimTrace());

    public SimDisk Disk { get; } = new();

    public SimStorage Storage { get; private set; }

    /// <summary>The same disk, for the test itself: does not end with the process.</summary>
    public SimStorage Files { get; }

    public LogOptions Options { get; set; }

    public PartitionLog Log => _log ?? throw new InvalidOperationException("the log is closed");

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The clock of the process of now.</summary>
    public SimTimeProvider Clock => new(Scheduler, _life, TimeSpan.Zero, 0);

    /// <summary>The power is lost once so many more changes of the disk were made.</summary>
    public void LosePowerAfter(int writes)
    {
        SimContext life = _life;
        Disk.WritesUntilPowerLoss = writes;
        Disk.PowerLost = () =>
        {
            Disk.PowerLost = null;
            life.Freeze();
        };
    }

    /// <summary>Takes back <see cref="LosePowerAfter"/>, unless it has happened.</summary>
    public void KeepPower() => Disk.PowerLost = null;

    public bool HasLostPower => _life.IsFrozen;

    public void Open(
        bool isClean, long recoveryPoint = 0, long logStart = 0, long highWatermark = 0, long cleanedTo = -1)
    {
        _life = new SimContext(Scheduler, "node", 1);
        Storage = new SimStorage(Scheduler, _life, Disk, _chance.Fork());
        Do(() => _log = PartitionLog.Open(new PartitionLogSettings
        {
            Storage = Storage,
            Directory = Directory,
            TopicPartition = new TopicPartition("topic", 0),
            TopicId = new Uuid(5, 6),
            Time = Clock,
            Options = Options,
            HadCleanShutdown = isClean,
            RecoveryPoint = recoveryPoint,
            LogStartOffset = logStart,
            HighWatermark = highWatermark,
            CleanedTo = cleanedTo,
            Chance = _chance.Fork(),
        }));
    }

    /// <summary>Runs something as the node does, and what it has scheduled for now.</summary>
    public void Do(Action action)
    {
        Scheduler.Schedule(_life, TimeSpan.Zero, action);
        Scheduler.RunUntil(Scheduler.NowTicks);
    }

    public void Wait(int ms)
    {
        Scheduler.Schedule(Scheduler.World, TimeSpan.FromMilliseconds(ms), static () => { });
        Scheduler.RunUntil(Scheduler.NowTicks + (ms * TimeSpan.TicksPerMillisecond));
    }

    public Task Flush()
    {
        Task flush = Task.CompletedTask;
        Do(() => flush = Log.FlushAsync().AsTask());
        return flush;
    }

    public void Close()
    {
        Task closed = Task.CompletedTask;
        Do(() => closed = Log.CloseAsync().AsTask());
        Wait(1000);
        Assert.True(closed.IsCompletedSuccessfully, closed.Exception?.ToString() ?? "not closed");
        EndProcess();
    }

    /// <summary>SIGKILL: what was written stays.</summary>
    public void KillProcess()
    {
        Disk.LoseProcess();
        EndProcess();
    }

    public void KillMachine(CrashLoss loss)
    {
        Disk.LoseMachine(loss, _chance);
        EndProcess();
    }

    private void EndProcess()
    {
        Disk.PowerLost = null;
        _life.End();
        _log = null;
    }
}
