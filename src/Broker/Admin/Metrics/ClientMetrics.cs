using KRaftSharp.Broker.Node;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>What clients pushed of themselves (KIP-714), and how that went.</summary>
internal sealed class ClientMetrics(KafkaNode node, TimeProvider time) : IMetricsSource
{
    private const string Prefix = "kafka_server_clientmetrics_";
    private const string Pushed = "kafka_client_metric";

    public void Write(MetricsSink sink)
    {
        if (node.Telemetry is not { } part)
        {
            return;
        }

        sink.Gauge(Prefix + "instance_count", "Clients that fetched a subscription lately.",
            part.Telemetry.InstanceCount);
        sink.Counter(Prefix + "push_total", "Pushes that were taken.", part.Telemetry.PushCount);
        sink.Counter(Prefix + "throttle_total", "Requests that came before their time.", part.Telemetry.ThrottleCount);
        sink.Counter(Prefix + "unknown_subscription_request_total", "Pushes for a subscription that has changed.",
            part.Telemetry.UnknownSubscriptionCount);
        sink.Counter(Prefix + "plugin_error_total", "Pushes that made no sense.", part.Telemetry.ReceiverErrorCount);
        sink.Counter(Prefix + "dropped_total", "Pushed figures that were too many to keep.", part.Metrics.DroppedCount);
        sink.Metric(Pushed, "gauge", "The last figures that clients pushed, by the name the client gives.");
        part.Metrics.Visit(time.MonotonicMs(), (client, name, labels, value) => sink.Sample(Pushed, value,
            [
                "metric", name, "client_id", client.ClientId, "client_instance_id", client.InstanceId.ToString(),
                "client_software_name", client.SoftwareName, .. labels,
            ]));
    }
}
