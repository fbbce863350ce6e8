using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Replication.Fetching;

/// <summary>One <see cref="ReplicaFetcher"/> for each broker that leads a partition which this node follows.</summary>
internal sealed class FetcherManager : IFollowedPartitions, IDisposable
{
    private readonly FetcherServices _services;
    private readonly Strand _strand;
    private readonly SortedDictionary<int, ReplicaFetcher> _fetchers = [];
    private readonly Dictionary<Partition, int> _leaders = [];
    private bool _isClosed;

    public FetcherManager(FetcherServices services)
    {
        _services = services;
        _strand = new Strand { Faulted = services.Fault };
    }

    public void Follow(Partition partition, int leaderId, int leaderEpoch) => _strand.Post(() =>
    {
        if (_isClosed)
        {
            return;
        }

        if (_leaders.TryGetValue(partition, out int former) && former != leaderId)
        {
            _fetchers[former].Remove(partition);
        }

        if (_services.Options.Planted.HasFlag(PlantedFaults.TruncateToHighWatermark))
        {
            partition.Post(() => partition.Log.TruncateTo(partition.Log.HighWatermark));
        }

        _leaders[partition] = leaderId;
        if (!_fetchers.TryGetValue(leaderId, out ReplicaFetcher? fetcher))
        {
            fetcher = new ReplicaFetcher(leaderId, _services);
            _fetchers.Add(leaderId, fetcher);
        }

        fetcher.Add(partition, leaderEpoch);
    });

    public void Unfollow(Partition partition) => _strand.Post(() =>
    {
        if (_leaders.Remove(partition, out int leaderId))
        {
            _fetchers[leaderId].Remove(partition);
        }
    });

    /// <summary>Brokers have changed: those that could not be reached are tried again.</summary>
    public void BrokersChanged() => _strand.Post(() =>
    {
        foreach (ReplicaFetcher fetcher in _fetchers.Values)
        {
            fetcher.Hurry();
        }
    });

    public void Dispose() => _strand.Post(() =>
    {
        _isClosed = true;
        foreach (ReplicaFetcher fetcher in _fetchers.Values)
        {
            fetcher.Dispose();
        }

        _fetchers.Clear();
        _leaders.Clear();
    });
}
