using System.Collections.Concurrent;

namespace KRaftSharp.Broker.Sharing;

/// <summary>How many share sessions a broker has, and may have; and by which connections. Any thread.</summary>
internal sealed class ShareSessionTable(int most)
{
    private readonly ConcurrentDictionary<long, string> _groups = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>A session of a group came by a connection. As in Kafka, a connection answers for its last session only.
    /// </summary>
    public void Opened(long connectionId, string groupId) => _groups[connectionId] = groupId;

    /// <summary>The group whose session ends with a connection; null for most connections.</summary>
    public string? Closed(long connectionId) =>
        _groups.TryRemove(connectionId, out string? groupId) ? groupId : null;

    public void Leave() => Interlocked.Decrement(ref _count);
}
