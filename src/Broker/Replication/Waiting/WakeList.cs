namespace KRaftSharp.Broker.Replication.Waiting;

/// <summary>
/// Collects whom an operation over several partitions wakes, and wakes each once when the whole operation is through:
/// an answer then carries all partitions and not only the first that moved.
/// </summary>
/// <remarks>
/// Open from its making until <see cref="Exit"/> was called once more often than <see cref="Enter"/>. Thread-safe.
/// </remarks>
internal sealed class WakeList
{
    private Entry? _top;
    private int _open = 1;

    /// <summary>A further part of the operation begins; to be called while the list is still open.</summary>
    public void Enter() => Interlocked.Increment(ref _open);

    public void Add(IWaiter waiter)
    {
        var entry = new Entry(waiter);
        Entry? top;
        do
        {
            top = Volatile.Read(ref _top);
            entry.Next = top;
        }
        while (Interlocked.CompareExchange(ref _top, entry, top) != top);
    }

    /// <summary>A part is through; the last one wakes everybody, in the order of adding.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _open) != 0)
        {
            return;
        }

        Entry? first = null;
        for (Entry? entry = Interlocked.Exchange(ref _top, null); entry is not null;)
        {
            Entry? next = entry.Next;
            entry.Next = first;
            first = entry;
            entry = next;
        }

        for (; first is not null; first = first.Next)
        {
            first.Waiter.Wake();
        }
    }

    private sealed class Entry(IWaiter waiter)
    {
        public IWaiter Waiter => waiter;

        public Entry? Next { get; set; }
    }
}
