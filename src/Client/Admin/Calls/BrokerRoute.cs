using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Each item to the broker that it names.</summary>
internal sealed class BrokerRoute<TKey>(ClusterClient cluster, Func<TKey, int> brokerOf) : IRoute<TKey>
{
    private bool _isStale;

    public async Task<RouteMap<TKey>> FindAsync(IReadOnlyList<TKey> keys)
    {
        if (_isStale || keys.Any(key => !cluster.View.Brokers.ContainsKey(brokerOf(key))))
        {
            await cluster.RefreshAsync();
            _isStale = false;
        }

        RouteMap<TKey> map = new();
        foreach (TKey key in keys)
        {
            if (cluster.View.Brokers.TryGetValue(brokerOf(key), out BrokerNode? node))
            {
                map.Add(node.Address, key);
            }
            else
            {
                map.Lost.Add((key, ErrorCode.BrokerNotAvailable, $"there is no broker {brokerOf(key)}, or it is down"));
            }
        }

        return map;
    }

    public void Forget(TKey key) => _isStale = true;
}
