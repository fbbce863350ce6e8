namespace KRaftSharp.Tests.Property.Simulation.Clock;

/// <summary>Something that will happen at a moment of virtual time.</summary>
internal sealed class SimEvent(SimContext context, SendOrPostCallback callback, object? state)
{
    public SimContext Context => context;

    public bool IsCancelled { get; private set; }

    public void Cancel() => IsCancelled = true;

    public void Invoke() => callback(state);
}
