using System.Numerics;

namespace KRaftSharp.Broker.Network;

/// <summary>
/// Counts durations in buckets that are an eighth of a power of two wide: a quantile is right to 13 percent. Any number
/// of threads; nothing is allocated after the start.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 3;
    private const int SubBuckets = 1 << SubBits;
    private const int MaxBits = 40; // microseconds: 12 days

    private readonly long[] _buckets = new long[(MaxBits - SubBits + 1) * SubBuckets];
    private long _count;
    private long _sumMicros;

    public long Count => Interlocked.Read(ref _count);

    public double SumMs => Interlocked.Read(ref _sumMicros) / 1000.0;

    public void Record(TimeSpan duration)
    {
        long micros = Math.Clamp((long)duration.TotalMicroseconds, 0, (1L << MaxBits) - 1);
        Interlocked.Increment(ref _buckets[BucketOf(micros)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sumMicros, micros);
    }

    /// <summary>Adds what another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            Interlocked.Add(ref _buckets[i], Interlocked.Read(ref other._buckets[i]));
        }

        Interlocked.Add(ref _count, other.Count);
        Interlocked.Add(ref _sumMicros, Interlocked.Read(ref other._sumMicros));
    }

    /// <summary>A copy of the counts so far, to be compared with a later one.</summary>
    public long[] Snapshot() => [.. _buckets];

    /// <summary>The duration below which a share of the counts lies, in milliseconds; 0 for no counts.</summary>
    /// <param name="share">0.5 for the median.</param>
    public double QuantileMs(double share) => QuantileMs(_buckets, null, share);

    /// <summary>The same of what came between two snapshots.</summary>
    public static double QuantileMs(long[] counts, long[]? before, double share)
    {
        long total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            total += counts[i] - (before?[i] ?? 0);
        }

        long rank = (long)Math.Ceiling(total * share);
        for (int i = 0; i < counts.Length && total > 0; i++)
        {
            rank -= counts[i] - (before?[i] ?? 0);
            if (rank <= 0)
            {
                return UpperMicros(i) / 1000.0;
            }
        }

        return 0;
    }

    private static int BucketOf(long micros)
    {
        if (micros < SubBuckets)
        {
            return (int)micros;
        }

        int bits = BitOperations.Log2((ulong)micros);
        return ((bits - SubBits + 1) << SubBits) + (int)((micros >> (bits - SubBits)) & (SubBuckets - 1));
    }

    private static double UpperMicros(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int shift = (bucket >> SubBits) - 1;
        return ((long)(SubBuckets + (bucket & (SubBuckets - 1)) + 1) << shift) - 1;
    }
}
