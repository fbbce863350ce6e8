using KRaftSharp.Broker.Admin.Http;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary><c>/metrics</c>: this node's figures in Prometheus' text, under the names that dashboards of Kafka know.
/// </summary>
internal sealed class MetricsRoutes(IReadOnlyList<IMetricsSource> sources)
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public IEnumerable<AdminRoute> Routes =>
    [
        new("GET", "/metrics", AdminRole.Reader, "This node's metrics as Prometheus' text.", WriteAsync)
        { Media = TextFormat },
    ];

    private async ValueTask<AdminReply> WriteAsync(AdminCall call)
    {
        PrometheusText text = new();
        foreach (IMetricsSource source in sources)
        {
            await source.RefreshAsync();
            source.Write(text);
        }

        call.Http.Response.ContentType = TextFormat;
        await call.Http.Response.Body.WriteAsync(text.Bytes, call.Aborted);
        return AdminReply.Written;
    }
}
