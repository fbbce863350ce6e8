using KRaftSharp.Broker.Admin.Health;
using KRaftSharp.Broker.Node;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The whole cluster, as the active controller sees it; every node has the figures.</summary>
internal sealed class ControllerMetrics(KafkaNode node, EffectiveConfigs configs) : IMetricsSource
{
    private const string Prefix = "kafka_controller_kafkacontroller_";

    public void Write(PrometheusText text)
    {
        MetadataImage image = node.Image;
        PartitionCensus census = PartitionCensus.Of(image, configs);
        text.Gauge(Prefix + "activecontrollercount", "1 on the active controller.",
            node.Quorum.Leader.LeaderId == node.Config.NodeId ? 1 : 0);
        text.Gauge(Prefix + "globaltopiccount", "Topics.", census.Topics);
        text.Gauge(Prefix + "globalpartitioncount", "Partitions.", census.Partitions);
        text.Gauge(Prefix + "offlinepartitionscount", "Partitions without a leader.", census.Offline.Count);
        text.Gauge(Prefix + "preferredreplicaimbalancecount", "Partitions not led by their preferred replica.",
            census.NotPreferred);
        text.Gauge(Prefix + "activebrokercount", "Brokers that serve.",
            image.Cluster.Brokers.Values.Count(broker => !broker.IsFenced));
        text.Gauge(Prefix + "fencedbrokercount", "Brokers that are registered and fenced.",
            image.Cluster.Brokers.Values.Count(broker => broker.IsFenced));
    }
}
