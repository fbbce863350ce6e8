using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>The sessions of registered brokers, by id.</summary>
internal sealed class BrokerSessions(int sessionTimeoutMs)
{
    private readonly SortedDictionary<int, BrokerSession> _sessions = [];

    /// <summary>Starts anew: every unfenced broker has a full session from now on.</summary>
    public void Activate(ClusterImage cluster, long nowMs)
    {
        _sessions.Clear();
        foreach (BrokerRegistration broker in cluster.Brokers.Values)
        {
            _sessions[broker.Id] = new BrokerSession(broker.Id, broker.Epoch) { LastContactMs = nowMs };
        }
    }

    public BrokerSession? Find(int brokerId) => _sessions.GetValueOrDefault(brokerId);

    /// <summary>A request of a broker with this epoch came by a connection.</summary>
    public BrokerSession Touch(int brokerId, long epoch, long connectionId, long nowMs)
    {
        if (!_sessions.TryGetValue(brokerId, out BrokerSession? session) || session.Epoch != epoch)
        {
            _sessions[brokerId] = session = new BrokerSession(brokerId, epoch);
        }

        session.LastContactMs = nowMs;
        session.WasHeard = true;
        session.ConnectionId = connectionId;
        return session;
    }

    public void Remove(int brokerId) => _sessions.Remove(brokerId);

    /// <summary>True while the incarnation with this epoch is connected and was heard of in time.</summary>
    public bool IsAlive(int brokerId, long epoch, long nowMs) =>
        _sessions.TryGetValue(brokerId, out BrokerSession? session) && session.Epoch == epoch
        && session is { WasHeard: true, ConnectionId: not null }
        && nowMs - session.LastContactMs < sessionTimeoutMs;

    /// <summary>The session whose last request came by this connection; it has none any more.</summary>
    public BrokerSession? Disconnect(long connectionId)
    {
        BrokerSession? session = _sessions.Values.FirstOrDefault(session => session.ConnectionId == connectionId);
        session?.ConnectionId = null;
        return session;
    }

    /// <summary>Unfenced brokers that have been silent for too long.</summary>
    public List<int> Expired(ClusterImage cluster, long nowMs) =>
    [
        .. Unfenced(cluster).Where(session => nowMs - session.LastContactMs >= sessionTimeoutMs)
            .Select(session => session.BrokerId),
    ];

    /// <summary>When the next session ends unless its broker is heard of.</summary>
    public long NextExpiryMs(ClusterImage cluster)
    {
        long next = long.MaxValue;
        foreach (BrokerSession session in Unfenced(cluster))
        {
            next = Math.Min(next, session.LastContactMs + sessionTimeoutMs);
        }

        return next;
    }

    /// <summary>How far the slowest active broker has read.</summary>
    public long LowestActiveOffset(ClusterImage cluster)
    {
        long lowest = long.MaxValue;
        foreach (BrokerSession session in Unfenced(cluster))
        {
            if (cluster.IsActive(session.BrokerId))
            {
                lowest = Math.Min(lowest, session.MetadataOffset);
            }
        }

        return lowest;
    }

    private IEnumerable<BrokerSession> Unfenced(ClusterImage cluster) =>
        _sessions.Values.Where(session => cluster.Broker(session.BrokerId) is { IsFenced: false });
}
