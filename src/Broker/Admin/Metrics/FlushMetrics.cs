using KRaftSharp.Broker.Node;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>How long the disk takes to make logs durable.</summary>
internal sealed class FlushMetrics(KafkaNode node) : IMetricsSource
{
    public void Write(MetricsSink sink)
    {
        if (node.Flushes is { } flushes)
        {
            sink.Summary(
                "kafka_log_logflushstats_logflushrateandtimems", "Milliseconds of a flush of a log.",
                [([], flushes)]);
        }
    }
}
