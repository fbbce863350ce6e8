namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>
/// One life of one node (or the world's): what the node's code awaits comes back through here, and nothing of it runs
/// once the life has ended. A crash is <see cref="End"/>, called between two events.
/// </summary>
internal sealed class SimContext(SimScheduler scheduler, string name, int nodeId) : SynchronizationContext
{
    public string Name => name;

    /// <summary>-1 for the world.</summary>
    public int NodeId => nodeId;

    public bool IsAlive { get; private set; } = true;

    /// <summary>
    /// The machine has lost power in the middle of an event: the code runs on until the event's end, but nothing it
    /// does
    /// reaches disk or network any more, and what it throws says nothing about it.
    /// </summary>
    public bool IsFrozen { get; private set; }

    /// <summary>
    /// The process stands still until then (SIGSTOP, a long collection); what happens meanwhile waits.
    /// </summary>
    public long PausedUntilTicks { get; set; }

    /// <summary>What happened while it stood still.</summary>
    public Queue<SimEvent> Held { get; } = new();

    /// <summary>Called with what escaped from an event; without it the exception ends the run.</summary>
    public Action<Exception>? Faulted { get; set; }

    public void End() => IsAlive = false;

    public void Freeze() => IsFrozen = true;

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Schedule(this, 0, d, state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    public void Run(SimEvent scheduled)
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        try
        {
            scheduled.Invoke();
        }
        catch (Exception) when (IsFrozen || !IsAlive)
        {
            // The code saw a disk that stopped taking writes; the process it belongs to is gone.
        }
        catch (Exception error) when (Faulted is { } faulted)
        {
            faulted(error);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }
}
