using System.Text;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Json;
using KRaftSharp.Broker.Admin.Metrics;
using KRaftSharp.Broker.Network;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Admin;

public sealed class AdminPieceTests
{
    [Fact]
    public async Task Json_values_are_found_wherever_the_body_is_cut()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"value":"a{}"} {"value":null}""" + "\r\n" + """{"value":"ü"}""");
        for (int piece = 1; piece <= body.Length; piece++)
        {
            JsonSequence sequence = new(new PiecewiseStream(body, piece), 1000);
            List<string?> values = [];
            while (await sequence.NextAsync(AdminJson.Default.UpdateConfigBody, default) is { } next)
            {
                values.Add(next.Value);
            }

            Assert.Equal(["a{}", null, "ü"], values);
        }
    }

    [Theory]
    [InlineData("""{"value":"a""", 400)]
    [InlineData("""{"value":"a"}}""", 400)]
    [InlineData("nonsense", 400)]
    public async Task A_broken_sequence_is_refused(string body, int status)
    {
        JsonSequence sequence = new(new MemoryStream(Encoding.UTF8.GetBytes(body)), 1000);
        AdminProblem problem = await Assert.ThrowsAsync<AdminProblem>(async () =>
        {
            while (await sequence.NextAsync(AdminJson.Default.UpdateConfigBody, default) is not null)
            {
            }
        });
        Assert.Equal(status, problem.Status);
    }

    [Fact]
    public async Task A_value_beyond_the_limit_costs_no_more_than_the_limit()
    {
        JsonSequence sequence = new(new PiecewiseStream([(byte)'[', .. new byte[1_000_000]], 4096), 50_000);
        AdminProblem problem = await Assert.ThrowsAsync<AdminProblem>(
            async () => await sequence.NextAsync(AdminJson.Default.UpdateConfigBody, default));
        Assert.InRange(problem.Status, 400, 413);
    }

    [Fact]
    public void Quantiles_are_right_to_an_eighth()
    {
        LatencyHistogram histogram = new();
        for (int i = 1; i <= 10_000; i++)
        {
            histogram.Record(TimeSpan.FromMicroseconds(i * 10));
        }

        foreach (double share in new[] { 0.01, 0.5, 0.9, 0.99, 1.0 })
        {
            Assert.InRange(histogram.QuantileMs(share), share * 100 * 0.99, (share * 100 * 1.13) + 0.001);
        }

        Assert.Equal(10_000, histogram.Count);
        long[] before = histogram.Snapshot();
        histogram.Record(TimeSpan.FromDays(100));
        Assert.True(LatencyHistogram.QuantileMs(histogram.Snapshot(), before, 0.5) > 1e8);
        Assert.Equal(0, LatencyHistogram.QuantileMs(before, before, 0.5));
    }

    [Fact]
    public void Labels_are_escaped_as_the_text_format_wants()
    {
        PrometheusText text = new();
        text.Metric("m", "gauge", "help");
        text.Sample("m", 1.5, "l", "a\"b\\c\nd", "k", "v");
        Assert.Equal(
            "# HELP m help\n# TYPE m gauge\nm{l=\"a\\\"b\\\\c\\nd\",k=\"v\"} 1.5\n",
            Encoding.UTF8.GetString(text.Bytes.Span));
    }

    [Fact]
    public void Every_error_of_kafka_has_a_status_of_a_failure()
    {
        foreach (ErrorCode error in Enum.GetValues<ErrorCode>().Where(error => error != ErrorCode.None))
        {
            (int status, int code) = KafkaErrorMap.StatusOf(error);
            Assert.InRange(status, 400, 599);
            Assert.StartsWith($"{status / 100}", $"{code}", StringComparison.Ordinal);
        }
    }

    /// <summary>Gives its content a few bytes at a time.</summary>
    private sealed class PiecewiseStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
