using System.Collections.Concurrent;

namespace KRaftSharp.Log.Scheduling;

/// <summary>
/// Runs callbacks one at a time, in the order of posting, without a thread and without a lock: who posts to an idle
/// strand runs it, who posts to a busy one leaves the work to whoever runs. State owned by a strand needs no locks.
/// </summary>
/// <remarks>
/// Any thread may post. A callback that posts to its own strand is not re-entered: its post runs after it returns.
/// On one thread the order is fully determined by the order of posts, which is what the simulator relies on.
/// An exception escapes to <see cref="Faulted"/> when that is set (the node stops), else to the poster.
/// </remarks>
public sealed class Strand
{
    private const int TurnLength = 64;
    private const string SocketThreadName = ".NET Sockets";

    private readonly ConcurrentQueue<WorkItem> _queue = new();
    private int _pending;

    /// <summary>
    /// Called with an exception that a callback let escape; the strand goes on with the next callback.
    /// </summary>
    public Action<Exception>? Faulted { get; init; }

    /// <summary>True while some thread runs this strand's callbacks.</summary>
    public bool IsBusy => Volatile.Read(ref _pending) != 0;

    /// <summary>
    /// Runs <paramref name="callback"/> now if the strand is idle, else after everything posted before it.
    /// </summary>
    public void Post(Action callback) => Post(static (state, _) => ((Action)state!)(), callback, null);

    /// <summary>As <see cref="Post(Action)"/>, without a closure.</summary>
    public void Post(Action<object?, object?> callback, object? first, object? second)
    {
        _queue.Enqueue(new WorkItem(callback, first, second));
        if (Interlocked.Increment(ref _pending) == 1)
        {
            Drain();
        }
    }

    private void Drain()
    {
        int all = 0;
        int done;
        do
        {
            done = 0;
            while (_queue.TryDequeue(out WorkItem item))
            {
                done++;
                Run(item);
                if (++all % TurnLength == 0 && IsSocketThread())
                {
                    // Others keep this strand busy; the sockets that this thread watches must not wait for them.
                    if (Interlocked.Add(ref _pending, -done) != 0)
                    {
                        ThreadPool.UnsafeQueueUserWorkItem(
                            static strand => strand.Drain(), this, preferLocal: false);
                    }

                    return;
                }
            }
        }
        while (Interlocked.Add(ref _pending, -done) != 0);
    }

    private static bool IsSocketThread() => Thread.CurrentThread.Name == SocketThreadName;

    private void Run(in WorkItem item)
    {
        try
        {
            item.Callback(item.First, item.Second);
        }
        catch (Exception error) when (Faulted is { } faulted)
        {
            faulted(error);
        }
    }

    private readonly record struct WorkItem(Action<object?, object?> Callback, object? First, object? Second);
}
