namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>Everything that a node tells of itself in figures.</summary>
internal static class NodeMetrics
{
    public static IReadOnlyList<IMetricsSource> Of(AdminServices services) =>
    [
        new TopicMetrics(services.Node), new PartitionMetrics(services.Node, services.Effective),
        new ControllerMetrics(services.Node, services.Effective), new RequestMetrics(services.Node),
        new QuorumMetrics(services.Node), new RuntimeMetrics(),
        new ClientMetrics(services.Node, services.Time), new QuotaMetrics(services.Node, services.Time),
        new FlushMetrics(services.Node), new ConnectionMetrics(services.Listeners), new GroupMetrics(services),
        new InvariantMetrics(services.Node),
    ];
}
