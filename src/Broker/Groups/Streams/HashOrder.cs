namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The order in which a java.util.HashMap of strings is walked: Kafka's assignor breaks ties by it, and an
/// assignment must not change when another coordinator takes over.</summary>
internal static class HashOrder
{
    private const int DefaultCapacity = 16;

    /// <param name="keys">Distinct, in the order in which they were put into the map.</param>
    /// <param name="capacity">That the map was made for.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> keys, int capacity = DefaultCapacity)
    {
        int size = 1;
        while (size < capacity)
        {
            size <<= 1;
        }

        // A table is at most three quarters full.
        while (keys.Count > size * 3 / 4)
        {
            size <<= 1;
        }

        return keys.OrderBy(key => Hash(key) & (size - 1));
    }

    private static int Hash(string key)
    {
        int hash = 0;
        foreach (char unit in key)
        {
            hash = unchecked((hash * 31) + unit);
        }

        return hash ^ (int)((uint)hash >> 16);
    }
}
