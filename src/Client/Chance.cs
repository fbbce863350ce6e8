namespace KRaftSharp.Client;

/// <summary>A small seeded generator (SplitMix64) for jitter and the choice of partitions. Any thread may
/// ask.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        ulong z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, <paramref name="exclusiveLimit"/>).</summary>
    public int Below(int exclusiveLimit) => (int)(((NextBits() >> 32) * (ulong)exclusiveLimit) >> 32);

    /// <summary>The pause before attempt <paramref name="attempt"/> (from 1): doubled each time, bounded, and
    /// 20% to either side by chance.</summary>
    public TimeSpan Backoff(TimeSpan first, TimeSpan max, int attempt)
    {
        double ms = Math.Min(
            first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)), max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ms * (0.8 + ((NextBits() >> 11) * (0.4 / (1UL << 53)))));
    }
}
