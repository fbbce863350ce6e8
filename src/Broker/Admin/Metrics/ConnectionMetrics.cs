using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The connections to each listener.</summary>
internal sealed class ConnectionMetrics(IReadOnlyList<SocketListener> listeners) : IMetricsSource
{
    private const string Count = "kafka_server_socket_server_metrics_connection_count";

    public void Write(MetricsSink sink)
    {
        sink.Metric(Count, "gauge", "Connections that are open.");
        foreach (SocketListener listener in listeners)
        {
            sink.Sample(Count, listener.ConnectionCount, "listener", listener.Name);
        }
    }
}
