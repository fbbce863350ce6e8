using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Where the items of a call go.</summary>
internal sealed class RouteMap<TKey>
{
    /// <summary>A null address: any broker.</summary>
    public List<(BrokerAddress? Address, List<TKey> Keys)> Places { get; } = [];

    public List<(TKey Key, ErrorCode Error, string Message)> Lost { get; } = [];

    public void Add(BrokerAddress? address, TKey key)
    {
        int at = Places.FindIndex(place => place.Address == address);
        if (at < 0)
        {
            Places.Add((address, [key]));
        }
        else
        {
            Places[at].Keys.Add(key);
        }
    }
}
