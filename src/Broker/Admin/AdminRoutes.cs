using KRaftSharp.Broker.Admin.Console;
using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Broker.Admin.Live;
using KRaftSharp.Broker.Admin.Metrics;
using KRaftSharp.Broker.Admin.V1;
using KRaftSharp.Broker.Admin.V3;

namespace KRaftSharp.Broker.Admin;

/// <summary>The table of everything that is served, and the document made from it.</summary>
internal static class AdminRoutes
{
    public static IReadOnlyList<AdminRoute> Of(
        AdminServices services, EventHub hub, IReadOnlyList<IMetricsSource> metrics)
    {
        List<AdminRoute> routes =
        [
            .. new ClusterRoutes(services).Routes,
            .. new ConfigRoutes(services).Routes,
            .. new TopicRoutes(services).Routes,
            .. new PartitionRoutes(services).Routes,
            .. new GroupRoutes(services).Routes,
            .. new RecordRoutes(services).Routes,
            .. new HealthRoutes(services).Routes,
            .. new MetricsRoutes(metrics).Routes,
            .. new QuorumRoutes(services).Routes,
            .. new PlacementRoutes(services).Routes,
            .. new TransactionRoutes(services).Routes,
            .. new GroupAdminRoutes(services).Routes,
            .. new BrowseRoutes(services).Routes,
            .. new NodeRoutes(services).Routes,
            .. new ConnectionRoutes(services).Routes,
            .. new FenceRoutes(services).Routes,
            .. new DrainRoutes(services).Routes,
            .. new ThrottleRoutes(services).Routes,
            .. new ReplicaRoutes(services).Routes,
            .. new AclRoutes(services).Routes,
            .. new StoryRoutes(services).Routes,
            .. new EventRoutes(services, hub).Routes,
            .. ConsoleRoutes.Routes,
        ];
        Lazy<byte[]> document = new(() => OpenApiDocument.Of(routes.Where(route => !IsPage(route))));
        routes.Add(new AdminRoute("GET", "/openapi/v1.json", AdminRole.None, "This document.", async call =>
        {
            call.Http.Response.ContentType = "application/json";
            await call.Http.Response.Body.WriteAsync(document.Value, call.Aborted);
            return AdminReply.Written;
        }));
        return routes;
    }

    private static bool IsPage(AdminRoute route) =>
        route.Path == "/" || route.Path.StartsWith("/console/", StringComparison.Ordinal);
}
