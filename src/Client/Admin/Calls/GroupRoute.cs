using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>All items to the coordinator of one group.</summary>
internal sealed class GroupRoute<TKey>(ClusterClient cluster, string group) : IRoute<TKey>
{
    private readonly CoordinatorRoute _route = new(cluster, CoordinatorKind.Group);

    public async Task<RouteMap<TKey>> FindAsync(IReadOnlyList<TKey> keys)
    {
        RouteMap<string> found = await _route.FindAsync([group]);
        RouteMap<TKey> map = new();
        foreach (TKey key in keys)
        {
            if (found.Places is [(var address, _)])
            {
                map.Add(address, key);
            }
            else
            {
                (_, ErrorCode error, string message) = found.Lost[0];
                map.Lost.Add((key, error, message));
            }
        }

        return map;
    }

    public void Forget(TKey key) => _route.Forget(group);
}
