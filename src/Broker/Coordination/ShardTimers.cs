namespace KRaftSharp.Broker.Coordination;

/// <summary>The timers of one shard, by key. Strand-owned; gone with the shard.</summary>
internal sealed class ShardTimers(TimeProvider time, Action<Func<Decision>> run) : IDisposable
{
    private readonly Dictionary<string, Entry> _timers = new(StringComparer.Ordinal);

    /// <summary>Runs <paramref name="operation"/> after a delay, instead of what was set under this key.</summary>
    public void Set(string key, long delayMs, Func<Decision> operation)
    {
        Cancel(key);
        Entry entry = new(operation);
        _timers[key] = entry;
        entry.Timer = time.CreateTimer(
            _ => run(() => Due(key, entry)), null, TimeSpan.FromMilliseconds(Math.Max(0, delayMs)),
            Timeout.InfiniteTimeSpan);
    }

    public bool IsSet(string key) => _timers.ContainsKey(key);

    public void Cancel(string key)
    {
        if (_timers.Remove(key, out Entry? entry))
        {
            entry.Timer?.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _timers.Values)
        {
            entry.Timer?.Dispose();
        }

        _timers.Clear();
    }

    private Decision Due(string key, Entry entry)
    {
        if (_timers.GetValueOrDefault(key) != entry)
        {
            return Decision.Nothing;
        }

        Cancel(key);
        return entry.Operation();
    }

    private sealed class Entry(Func<Decision> operation)
    {
        public Func<Decision> Operation => operation;

        public ITimer? Timer { get; set; }
    }
}
