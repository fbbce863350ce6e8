using System.Globalization;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Node;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>Requests by API and version: how many, and where their time went.</summary>
internal sealed class RequestMetrics(KafkaNode node) : IMetricsSource
{
    private const string Prefix = "kafka_network_requestmetrics_";

    public void Write(MetricsSink sink)
    {
        List<RequestStats> stats = [.. node.RequestStats.Where(one => one.Total.Count > 0)];
        sink.Metric(Prefix + "requests_total", "counter", "Requests that were answered.");
        foreach (RequestStats one in stats)
        {
            sink.Sample(Prefix + "requests_total", one.Total.Count, Labels(one));
        }

        Summary(sink, stats, "totaltimems", "Milliseconds from a request to its answer.", one => one.Total);
        Summary(sink, stats, "localtimems", "Milliseconds of them in the handler.", one => one.Local);
        Summary(sink, stats, "remotetimems", "Milliseconds of them waiting for others.", one => one.Remote);
        Summary(sink, stats, "responsequeuetimems", "Milliseconds of them waiting for earlier answers.",
            one => one.ResponseQueue);
        Summary(sink, [.. stats.Where(one => one.Throttle.Count > 0)], "throttletimems",
            "Milliseconds that clients had to wait for their quotas, where they had to.", one => one.Throttle);
    }

    private static void Summary(
        MetricsSink sink, List<RequestStats> stats, string name, string help,
        Func<RequestStats, LatencyHistogram> of) =>
        sink.Summary(Prefix + name, help, stats.ConvertAll(one => (Labels(one), of(one))));

    private static string[] Labels(RequestStats one) =>
        ["request", one.Key.ToString(), "version", one.Version.ToString(CultureInfo.InvariantCulture)];
}
