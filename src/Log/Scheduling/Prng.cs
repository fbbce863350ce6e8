using KRaftSharp.Protocol;

namespace KRaftSharp.Log.Scheduling;

/// <summary>A small seeded generator (SplitMix64): the only source of chance below Hosting. Not for secrets.</summary>
/// <remarks>
/// Not thread-safe: each component gets its own by <see cref="Fork"/>, on the thread that wires the node.
/// </remarks>
public sealed class Prng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, <paramref name="exclusiveLimit"/>); the limit must be positive.</summary>
    public int Below(int exclusiveLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveLimit);
        return (int)(((NextBits() >> 32) * (ulong)exclusiveLimit) >> 32);
    }

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// A random (version 4) id that Kafka does not reserve: neither zero nor one, text not starting with '-'.
    /// </summary>
    public Uuid NextUuid()
    {
        while (true)
        {
            long high = (long)((NextBits() & 0xFFFFFFFFFFFF0FFFUL) | 0x4000UL);
            long low = (long)((NextBits() & 0x3FFFFFFFFFFFFFFFUL) | 0x8000000000000000UL);
            if ((ulong)high >> 58 != 62)
            {
                return new Uuid(high, low);
            }
        }
    }

    /// <summary>An independent generator whose stream depends only on this one's state.</summary>
    public Prng Fork() => new(NextBits());
}
