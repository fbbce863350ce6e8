namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>The order in which a java.util.HashMap of strings is walked: Kafka's assignor breaks ties by it, and an
/// assignment must not change when another coordinator takes over.</summary>
internal static class HashOrder
{
    private const int DefaultCapacity = 16;

    /// <summary>Of a map into which keys were put one by one.</summary>
    /// <param name="keys">Distinct, in the order in which they were put.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> keys)
    {
        int size = DefaultCapacity;
        while (keys.Count > MostIn(size))
        {
            size <<= 1;
        }

        return Walk(keys, size);
    }

    /// <summary>Of a map whose keys were asked for one after the other, and put where they were missing
    /// (computeIfAbsent): such a map grows late, with the question after the one that filled it, and of keys that share
    /// a place the last one comes first.</summary>
    /// <param name="asked">Not distinct.</param>
    /// <param name="capacity">That the map was made for.</param>
    public static IEnumerable<string> OfAsked(IEnumerable<string> asked, int capacity)
    {
        int size = 1;
        while (size < capacity)
        {
            size <<= 1;
        }

        List<string> keys = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (string key in asked)
        {
            if (keys.Count > MostIn(size))
            {
                size <<= 1;
            }

            if (known.Add(key))
            {
                keys.Add(key);
            }
        }

        keys.Reverse();
        return Walk(keys, size);
    }

    /// <summary>A table is at most three quarters full.</summary>
    private static int MostIn(int size) => size * 3 / 4;

    private static IEnumerable<string> Walk(IEnumerable<string> keys, int size) =>
        keys.OrderBy(key => Hash(key) & (size - 1));

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
