namespace KRaftSharp.Broker.Network;

/// <summary>
/// The memory that requests may take over all connections (queued.max.request.bytes): connections stop reading while
/// it is used up.
/// </summary>
/// <param name="limitBytes">Zero or less: no limit.</param>
internal sealed class BufferBudget(long limitBytes)
{
    private readonly Lock _lock = new();
    private long _usedBytes;
    private TaskCompletionSource? _room;

    public long UsedBytes => Volatile.Read(ref _usedBytes);

    public void Take(int bytes) => Interlocked.Add(ref _usedBytes, bytes);

    public void Return(int bytes)
    {
        if (Interlocked.Add(ref _usedBytes, -bytes) < limitBytes && Volatile.Read(ref _room) is not null)
        {
            Release();
        }
    }

    /// <summary>Completes when there is room; at once in the ordinary case.</summary>
    public ValueTask WaitForRoomAsync()
    {
        if (limitBytes <= 0 || UsedBytes < limitBytes)
        {
            return ValueTask.CompletedTask;
        }

        lock (_lock)
        {
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task room = _room.Task;
            if (UsedBytes < limitBytes)
            {
                Release();
            }

            return new ValueTask(room);
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            _room?.SetResult();
            _room = null;
        }
    }
}
