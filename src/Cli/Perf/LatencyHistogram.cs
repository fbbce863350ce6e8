using System.Numerics;

namespace KRaftSharp.Cli.Perf;

/// <summary>Counts latencies in buckets that are at most 1/64 wider than their value; in microseconds. Not
/// thread-safe.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private double _sumUs;

    public long Count { get; private set; }

    public long MaxUs { get; private set; }

    public double MeanUs => Count == 0 ? 0 : _sumUs / Count;

    public void Add(TimeSpan latency)
    {
        long us = Math.Max((long)latency.TotalMicroseconds, 0);
        _counts[Index(us)]++;
        _sumUs += us;
        Count++;
        MaxUs = Math.Max(MaxUs, us);
    }

    /// <summary>The least latency that so large a part of all stays within; 0 when there is none.</summary>
    /// <param name="part">0 to 1.</param>
    public long PercentileUs(double part)
    {
        long wanted = Math.Max((long)Math.Ceiling(part * Count), 1);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(Highest(i), MaxUs);
            }
        }

        return 0;
    }

    private static int Index(long us)
    {
        if (us < SubBuckets)
        {
            return (int)us;
        }

        int shift = BitOperations.Log2((ulong)us) - SubBits;
        return ((shift + 1) << SubBits) + (int)((us >> shift) - SubBuckets);
    }

    private static long Highest(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        int shift = (index >> SubBits) - 1;
        return (((long)(index & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
