namespace KRaftSharp.Client.Producer;

/// <summary>Bounds the bytes of batches that are not acknowledged (<c>buffer.memory</c>); who asks for more than is
/// left
/// waits in line, asynchronously.</summary>
/// <remarks>Any thread. A request larger than the whole budget is refused by the caller before.</remarks>
internal sealed class MemoryBudget(long limit, ClientRuntime runtime)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _used;

    /// <summary>Bytes taken at this moment.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>True while somebody waits: batches that are not full are sent then.</summary>
    public bool IsExhausted
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count > 0;
            }
        }
    }

    public bool TryTake(int bytes)
    {
        lock (_gate)
        {
            if (_waiters.Count > 0 || _used + bytes > limit)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Takes the bytes when it is this caller's turn.</summary>
    /// <exception cref="TimeoutException">Not within <paramref name="timeout"/>.</exception>
    public async ValueTask TakeAsync(int bytes, TimeSpan timeout, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_waiters.Count == 0 && _used + bytes <= limit)
            {
                _used += bytes;
                return;
            }

            waiter = new Waiter(bytes, runtime.NewCompletion<bool>());
            _waiters.AddLast(waiter);
        }

        try
        {
            await waiter.Turn.Task.WaitAsync(timeout, runtime.Time, cancellation);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Withdraw(waiter);
            throw;
        }
    }

    public void GiveBack(int bytes)
    {
        List<Waiter>? ready;
        lock (_gate)
        {
            _used -= bytes;
            ready = TakeReady();
        }

        Wake(ready);
    }

    private void Withdraw(Waiter waiter)
    {
        List<Waiter>? ready;
        lock (_gate)
        {
            if (!_waiters.Remove(waiter))
            {
                _used -= waiter.Bytes; // it was this one's turn just as it gave up
            }

            ready = TakeReady();
        }

        Wake(ready);
    }

    private List<Waiter>? TakeReady()
    {
        List<Waiter>? ready = null;
        while (_waiters.First is { } first && _used + first.Value.Bytes <= limit)
        {
            _used += first.Value.Bytes;
            _waiters.RemoveFirst();
            (ready ??= []).Add(first.Value);
        }

        return ready;
    }

    private static void Wake(List<Waiter>? ready)
    {
        foreach (Waiter waiter in ready ?? [])
        {
            waiter.Turn.TrySetResult(true);
        }
    }

    private sealed record Waiter(int Bytes, TaskCompletionSource<bool> Turn);
}
