namespace KRaftSharp.Client.Admin.Calls;

/// <summary>All items to any broker: it knows, or forwards to the controller.</summary>
internal sealed class AnyRoute<TKey> : IRoute<TKey>
{
    public Task<RouteMap<TKey>> FindAsync(IReadOnlyList<TKey> keys)
    {
        RouteMap<TKey> map = new();
        map.Places.Add((null, [.. keys]));
        return Task.FromResult(map);
    }

    public void Forget(TKey key)
    {
    }
}
