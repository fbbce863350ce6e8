namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>Takes a node's metrics, one after another, each with all of its samples.</summary>
internal abstract class MetricsSink
{
    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="type">counter, gauge or summary.</param>
    public abstract void Metric(string name, string type, string help);

    /// <param name="labels">Names and values by turns.</param>
    public abstract void Sample(string name, double value, params ReadOnlySpan<string> labels);

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
    void Write(MetricsSink sink);
}
