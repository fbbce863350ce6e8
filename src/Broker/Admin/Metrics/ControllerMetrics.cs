using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Node;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The whole cluster, as the active controller sees it; every node has the figures.</summary>
internal sealed class ControllerMetrics(KafkaNode node, EffectiveConfigs configs) : IMetricsSource
{
    private const string Prefix = "kafka_controller_kafkacontroller_";

    public void Write(MetricsSink sink)
    {
        MetadataImage image = node.Image;
        PartitionCensus census = PartitionCensus.Of(image, configs);
        sink.Gauge(Prefix + "activecontrollercount", "1 on the active controller.",
            node.Quorum.Leader.LeaderId == node.Config.NodeId ? 1 : 0);
        sink.Gauge(Prefix + "globaltopiccount", "Topics.", census.Topics);
        sink.Gauge(Prefix + "globalpartitioncount", "Partitions.", census.Partitions);
        sink.Gauge(Prefix + "offlinepartitionscount", "Partitions without a leader.", census.Offline.Count);
        sink.Gauge(Prefix + "preferredreplicaimbalancecount", "Partitions not led by their preferred replica.",
            census.NotPreferred);
        sink.Gauge(Prefix + "activebrokercount", "Brokers that serve.",
            image.Cluster.Brokers.Values.Count(broker => !broker.IsFenced));
        sink.Gauge(Prefix + "fencedbrokercount", "Brokers that are registered and fenced.",
            image.Cluster.Brokers.Values.Count(broker => broker.IsFenced));
    }
}
