namespace KRaftSharp.Tests.Property.Client.Sharing;

/// <summary>Runs what follows an await on the test's own thread, in order, when the test says so.</summary>
internal sealed class StoryContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Call, object? State)> _posted = [];

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Until nothing is left.</summary>
    public void Run()
    {
        while (_posted.TryDequeue(out (SendOrPostCallback Call, object? State) next))
        {
            next.Call(next.State);
        }
    }
}
