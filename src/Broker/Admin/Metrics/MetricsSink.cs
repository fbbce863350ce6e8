using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>Takes a node's metrics, one after another, each with all of its samples.</summary>
internal abstract class MetricsSink
{
    private static readonly (string Label, double Share)[] Quantiles =
        [("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95), ("0.99", 0.99), ("0.999", 0.999)];

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="type">counter, gauge or summary.</param>
    public abstract void Metric(string name, string type, string help);

    /// <param name="labels">Names and values by turns.</param>
    public abstract void Sample(string name, double value, params ReadOnlySpan<string> labels);

    /// <summary>A metric of histograms: quantiles, sum and count of each.</summary>
    /// <param name="histograms">Each with its labels, names and values by turns.</param>
    public void Summary(
        string name, string help, IReadOnlyList<(string[] Labels, LatencyHistogram Histogram)> histograms)
    {
        Metric(name, "summary", help);
        foreach ((string[] labels, LatencyHistogram histogram) in histograms)
        {
            foreach ((string label, double share) in Quantiles)
            {
                Sample(name, histogram.QuantileMs(share), [.. labels, "quantile", label]);
            }

            Sample(name + "_sum", histogram.SumMs, labels);
            Sample(name + "_count", histogram.Count, labels);
        }
    }

    /// <summary>A metric of one sample.</summary>
    public void Gauge(string name, string help, double value)
    {
        Metric(name, "gauge", help);
        Sample(name, value);
    }

    /// <inheritdoc cref="Gauge"/>
    public void Counter(string name, string help, double value)
    {
        Metric(name, "counter", help);
        Sample(name, value);
    }
}

/// <summary>Some of a node's metrics.</summary>
internal interface IMetricsSource
{
    /// <summary>Asks others for what <see cref="Write"/> shall tell; most sources have it at hand.</summary>
    ValueTask RefreshAsync() => ValueTask.CompletedTask;

    void Write(MetricsSink sink);
}
