namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Which broker answers for which item. Of one call; used by one task at a time.</summary>
internal interface IRoute<TKey>
{
    /// <summary>Sorts the items by the broker that answers for them.</summary>
    /// <exception cref="KafkaException">Nobody could be asked where they are.</exception>
    Task<RouteMap<TKey>> FindAsync(IReadOnlyList<TKey> keys);

    /// <summary>The broker that was asked does not answer for this item (any more).</summary>
    void Forget(TKey key);
}
