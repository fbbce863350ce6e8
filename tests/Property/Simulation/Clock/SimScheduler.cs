namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>
/// The one loop of a simulation: runs events in the order of (virtual time, order of scheduling) on the thread that
/// calls <see cref="RunUntil"/>. Everything asynchronous in the nodes ends up here, so a run is a function of its seed.
/// </summary>
internal sealed class SimScheduler
{
    private readonly PriorityQueue<SimEvent, (long AtTicks, long Order)> _queue = new();
    private readonly SimTaskScheduler _tasks;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    public SimScheduler(SimTrace trace)
    {
        Trace = trace;
        _tasks = new SimTaskScheduler(this);
        World = new SimContext(this, "world", -1);
    }

    public SimTrace Trace { get; }

    /// <summary>Virtual time since the start of the run, in ticks of 100 ns.</summary>
    public long NowTicks { get; private set; }

    public long NowMs => NowTicks / TimeSpan.TicksPerMillisecond;

    public long EventCount { get; private set; }

    /// <summary>The context of what belongs to no node: clients, checkers, faults.</summary>
    public SimContext World { get; }

    /// <summary>Whose event ran last.</summary>
    public SimContext? LastRun { get; private set; }

    public SimContext Current => SynchronizationContext.Current as SimContext ?? World;

    /// <summary>
    /// Runs <paramref name="callback"/> in <paramref name="context"/> after a delay, unless that context has ended.
    /// </summary>
    public SimEvent Schedule(SimContext context, long delayTicks, SendOrPostCallback callback, object? state)
    {
        RequireThread();
        ArgumentOutOfRangeException.ThrowIfNegative(delayTicks);
        var scheduled = new SimEvent(context, callback, state);
        _queue.Enqueue(scheduled, (NowTicks + delayTicks, _order++));
        return scheduled;
    }

    public SimEvent Schedule(SimContext context, TimeSpan delay, Action callback) =>
        Schedule(context, delay.Ticks, static state => ((Action)state!)(), callback);

    /// <summary>Runs until the virtual time or until <paramref name="stop"/> says so after an event.</summary>
    public void RunUntil(long untilTicks, Func<bool>? stop = null)
    {
        RequireThread();
        SynchronizationContext? outer = SynchronizationContext.Current;
        // As a task of our own scheduler, so that TaskScheduler.Current is ours for continuations without a context.
        var loop = new Task(() => Loop(untilTicks, stop));
        try
        {
            loop.RunSynchronously(_tasks);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        loop.GetAwaiter().GetResult();
    }

    /// <summary>Fails when code of a node runs on a thread that is not the simulation's.</summary>
    public void RequireThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("code under simulation left the simulation's thread");
        }
    }

    /// <summary>Runs what waited for a context that stood still, in its order, if it does so no longer.</summary>
    public void Release(SimContext context)
    {
        if (context.Held.Count > 0 && context.PausedUntilTicks > NowTicks)
        {
            Schedule(World, context.PausedUntilTicks - NowTicks, state => Release((SimContext)state!), context);
            return;
        }

        while (context.IsAlive && context.PausedUntilTicks <= NowTicks
            && context.Held.TryDequeue(out SimEvent? held))
        {
            if (!held.IsCancelled)
            {
                Run(held);
            }
        }
    }

    private void Loop(long untilTicks, Func<bool>? stop)
    {
        while (_queue.TryPeek(out _, out (long AtTicks, long Order) at) && at.AtTicks <= untilTicks)
        {
            SimEvent next = _queue.Dequeue();
            NowTicks = at.AtTicks;
            if (next.IsCancelled || !next.Context.IsAlive)
            {
                continue;
            }

            if (next.Context.PausedUntilTicks > NowTicks)
            {
                Hold(next);
                continue;
            }

            Release(next.Context);
            Run(next);
            if (stop?.Invoke() == true)
            {
                return;
            }
        }

        NowTicks = Math.Max(NowTicks, untilTicks);
    }

    private void Run(SimEvent next)
    {
        EventCount++;
        Trace.Mix(NowTicks, EventCount, next.Context.NodeId);
        LastRun = next.Context;
        next.Context.Run(next);
    }

    private void Hold(SimEvent next)
    {
        SimContext context = next.Context;
        context.Held.Enqueue(next);
        if (context.Held.Count == 1)
        {
            Schedule(World, context.PausedUntilTicks - NowTicks, state => Release((SimContext)state!), context);
        }
    }
}
