using KRaftSharp.Client.Coordination;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Each group or transactional id to its coordinator.</summary>
internal sealed class CoordinatorRoute(ClusterClient cluster, CoordinatorKind kind) : IRoute<string>
{
    private readonly Dictionary<string, BrokerAddress> _known = new(StringComparer.Ordinal);

    public async Task<RouteMap<string>> FindAsync(IReadOnlyList<string> keys)
    {
        RouteMap<string> map = new();
        string[] unknown = [.. keys.Where(key => !_known.ContainsKey(key))];
        if (unknown.Length > 0)
        {
            foreach (CoordinatorPlace place in await CoordinatorLookup.FindAsync(cluster, kind, unknown))
            {
                if (place.Address is { } address)
                {
                    _known[place.Key] = address;
                }
                else
                {
                    map.Lost.Add((place.Key, place.Error, place.Message ?? ErrorCodes.Message(place.Error)));
                }
            }
        }

        foreach (string key in keys)
        {
            if (_known.TryGetValue(key, out BrokerAddress address))
            {
                map.Add(address, key);
            }
        }

        return map;
    }

    public void Forget(string key) => _known.Remove(key);
}
