using System.Text.Json;
using KRaftSharp.Cli.Perf;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class PerfTests(ToolCluster cluster)
{
    [Fact]
    public async Task ProduceAndConsume_CountTheSame()
    {
        await cluster.CreateTopicAsync("fast");

        JsonElement sent = (await cluster.RunAsync(
            "perf", "produce", "fast", "-n", "5000", "-s", "50", "--output", "json")).Json;
        JsonElement read = (await cluster.RunAsync("perf", "consume", "fast", "--output", "json")).Json;

        Assert.Equal(5000, sent.GetProperty("records").GetInt32());
        Assert.Equal(250_000, sent.GetProperty("bytes").GetInt32());
        Assert.Equal(
            ["mean", "p50", "p90", "p95", "p99", "p99.9", "max"],
            sent.GetProperty("latencies").EnumerateArray().Select(one => one.GetProperty("latency").GetString()!));
        Assert.Equal(5000, read.GetProperty("records").GetInt32());
        Assert.True(read.GetProperty("cpuUsPerRecord").GetDouble() > 0);
    }

    [Fact]
    public async Task EndToEnd_TimesEveryRecord()
    {
        await cluster.CreateTopicAsync("round");

        ToolRun run = await cluster.RunAsync("perf", "e2e", "round", "-n", "20");

        Assert.StartsWith("topic round: records 20,", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Rows, row => row[0] == "p99");
        ToolRun acks = await cluster.RunAsync("perf", "e2e", "round", "-n", "1", "--acks", "0");
        Assert.Contains("with --acks 0", acks.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await cluster.RunAsync("perf", "produce", "no-such", "-n", "1")).Code);
    }

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.9, 90)]
    [InlineData(1, 100)]
    public void Histogram_PercentilesAreWithinABucket(double part, int expectedMs)
    {
        LatencyHistogram histogram = new();
        for (int ms = 1; ms <= 100; ms++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(ms));
        }

        Assert.InRange(histogram.PercentileUs(part), expectedMs * 1000, expectedMs * 1000 * 65 / 64);
        Assert.Equal(50_500, histogram.MeanUs, 1);
        Assert.Equal(100_000, histogram.MaxUs);
    }
}
