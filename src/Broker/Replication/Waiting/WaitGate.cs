namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>Where waiters park for one moving offset, without a lock and without a strand.</summary>
/// <remarks>
/// A waiter reads <see cref="Version"/> first, looks at the offset, and parks with the version it has seen: a signal
/// in between wakes it at once, so none is lost. Answered waiters are dropped when they come to the top.
/// </remarks>
internal class WaitGate
{
    private Node? _top;
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public bool IsEmpty => Volatile.Read(ref _top) is null;

    public void Park(IWaiter waiter, long seenVersion)
    {
        var node = new Node(waiter);
        Node? top;
        do
        {
            top = Volatile.Read(ref _top);
            Node? alive = top;
            while (alive is not null && alive.Waiter.IsDone)
            {
                alive = alive.Next;
            }

            node.Next = alive;
        }
        while (Interlocked.CompareExchange(ref _top, node, top) != top);

        if (Version != seenVersion)
        {
            waiter.Wake();
        }
    }

    /// <summary>The offset has moved: everybody parked here leaves the gate and is added to the list.</summary>
    public void Signal(WakeList wakes)
    {
        Interlocked.Increment(ref _version);
        if (IsEmpty)
        {
            return;
        }

        for (Node? node = Interlocked.Exchange(ref _top, null); node is not null; node = node.Next)
        {
            if (!node.Waiter.IsDone)
            {
                wakes.Add(node.Waiter);
            }
        }
    }

    /// <summary>Answers everybody parked here with what there is.</summary>
    protected void ExpireAll()
    {
        Interlocked.Increment(ref _version);
        for (Node? node = Interlocked.Exchange(ref _top, null); node is not null; node = node.Next)
        {
            node.Waiter.Expire();
        }
    }

    private sealed class Node(IWaiter waiter)
    {
        public IWaiter Waiter => waiter;

        public Node? Next { get; set; }
    }
}
