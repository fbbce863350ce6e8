using KRaftSharp.Broker.Admin.Http;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary><c>/metrics</c>: this node's figures in Prometheus' text, under the names that dashboards of Kafka know.
/// </summary>
internal sealed class MetricsRoutes(AdminServices services)
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    private readonly IReadOnlyList<IMetricsSource> _sources =
    [
        new TopicMetrics(services.Node), new PartitionMetrics(services.Node, services.Effective),
        new ControllerMetrics(services.Node, services.Effective), new RequestMetrics(services.Node),
        new QuorumMetrics(services.Node), new RuntimeMetrics(),
    ];

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/metrics", AdminRole.Reader, "This node's metrics as Prometheus' text.", WriteAsync)
        { Media = TextFormat },
    ];

    private async ValueTask<AdminReply> WriteAsync(AdminCall call)
    {
        PrometheusText text = new();
        foreach (IMetricsSource source in _sources)
        {
            source.Write(text);
        }

        call.Http.Response.ContentType = TextFormat;
        await call.Http.Response.Body.WriteAsync(text.Bytes, call.Aborted);
        return AdminReply.Written;
    }
}

/// <summary>Some of a node's metrics.</summary>
internal interface IMetricsSource
{
    void Write(PrometheusText text);
}
