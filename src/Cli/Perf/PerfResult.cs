using System.Diagnostics;
using System.Globalization;
using KRaftSharp.Cli.Output;

namespace KRaftSharp.Cli.Perf;

/// <summary>What a measurement found: throughput, latency, and the CPU time of this process.</summary>
/// <remarks>Begins when it is created. The brokers' CPU time is not in it, unless they are this process.</remarks>
internal sealed class PerfResult(string topic)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpuBefore = Environment.CpuUsage.TotalTime;

    public long Records { get; set; }

    public long Bytes { get; set; }

    /// <summary>Null where latency means nothing.</summary>
    public LatencyHistogram? Latency { get; init; }

    public double Seconds => Math.Max(Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, 0.000001);

    public string Progress => $"{Quantities.Count(Records)} records, {Quantities.Count(Records / Seconds)}/s, "
        + $"{Quantities.Bytes(Bytes / Seconds)}/s";

    public void Show(Screen screen)
    {
        double seconds = Seconds;
        double cpuUs = (Environment.CpuUsage.TotalTime - _cpuBefore).TotalMicroseconds;
        Page page = new Page("topic", topic)
            .Fact("records", Records)
            .Fact("bytes", Bytes)
            .Fact("seconds", Math.Round(seconds, 3))
            .Fact("records per second", Math.Round(Records / seconds))
            .Fact("mib per second", Math.Round(Bytes / seconds / 1024 / 1024, 2))
            .Fact("cpu us per record", Math.Round(cpuUs / Math.Max(Records, 1), 3));
        if (Latency is { Count: > 0 } latency)
        {
            Report percentiles = new("latency", "ms");
            percentiles.Add("mean", Ms(latency.MeanUs));
            foreach (double part in (double[])[0.5, 0.9, 0.95, 0.99, 0.999])
            {
                percentiles.Add(
                    string.Create(CultureInfo.InvariantCulture, $"p{part * 100:0.#}"), Ms(latency.PercentileUs(part)));
            }

            percentiles.Add("max", Ms(latency.MaxUs));
            page.Add("latencies", percentiles);
        }

        screen.Show(page);
    }

    private static double Ms(double us) => Math.Round(us / 1000, 3);
}
