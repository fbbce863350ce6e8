namespace KRaftSharp.Client.Producer;

/// <summary>Keeps the sends of a topic in order while they wait for metadata or memory: one at a time, first come
/// first served.</summary>
/// <remarks>Any thread. While a topic's lane is busy, its sends must not take the short way past it.</remarks>
internal sealed class AppendLanes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _tails = new(StringComparer.Ordinal);
    private int _busy;

    /// <summary>Whether a send of the topic waits.</summary>
    public bool IsBusy(string topic)
    {
        if (Volatile.Read(ref _busy) == 0)
        {
            return false;
        }

        lock (_gate)
        {
            return _tails.ContainsKey(topic);
        }
    }

    /// <summary>Runs after the topic's earlier ones have ended, well or not.</summary>
    public async Task<T> RunAsync<T>(string topic, Func<Task<T>> append)
    {
        TaskCompletionSource ended = new();
        Task? before;
        lock (_gate)
        {
            before = _tails.GetValueOrDefault(topic);
            _tails[topic] = ended.Task;
            _busy = _tails.Count;
        }

        try
        {
            if (before is not null)
            {
                await before;
            }

            return await append();
        }
        finally
        {
            lock (_gate)
            {
                if (_tails.GetValueOrDefault(topic) == ended.Task)
                {
                    _tails.Remove(topic);
                    Volatile.Write(ref _busy, _tails.Count);
                }
            }

            ended.SetResult();
        }
    }

    /// <summary>Ends when every send that waits now has its place or has failed.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        Task[] tails;
        lock (_gate)
        {
            tails = [.. _tails.Values];
        }

        await Task.WhenAll(tails).WaitAsync(cancellation);
    }
}
