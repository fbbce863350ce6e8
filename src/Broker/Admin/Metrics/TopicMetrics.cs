using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Replication;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>What goes through each topic on this node.</summary>
internal sealed class TopicMetrics(KafkaNode node) : IMetricsSource
{
    private const string Prefix = "kafka_server_brokertopicmetrics_";

    public void Write(MetricsSink sink)
    {
        if (node.Replicas is not { } replicas)
        {
            return;
        }

        List<TopicTraffic> topics = [.. replicas.Traffic.OrderBy(topic => topic.Topic, StringComparer.Ordinal)];
        Counter(sink, topics, "bytesin_total", "Bytes of batches that producers had appended.", one => one.BytesIn);
        Counter(sink, topics, "messagesin_total", "Records that producers had appended.", one => one.MessagesIn);
        Counter(sink, topics, "bytesout_total", "Bytes of batches that consumers were given.", one => one.BytesOut);
        Counter(sink, topics, "replicationbytesin_total", "Bytes appended as a follower.",
            one => one.ReplicationBytesIn);
        Counter(sink, topics, "replicationbytesout_total", "Bytes that followers were given.",
            one => one.ReplicationBytesOut);
        Counter(sink, topics, "totalproducerequests_total", "Appends asked for, one a partition of a request.",
            one => one.Produces);
        Counter(sink, topics, "totalfetchrequests_total", "Reads asked for by consumers, one a partition of a request.",
            one => one.Fetches);
        Counter(sink, topics, "failedproducerequests_total", "Appends that were refused.", one => one.FailedProduces);
        Counter(sink, topics, "failedfetchrequests_total", "Reads that were refused.", one => one.FailedFetches);
    }

    private static void Counter(
        MetricsSink sink, List<TopicTraffic> topics, string name, string help, Func<TopicTraffic, long> value)
    {
        sink.Metric(Prefix + name, "counter", help);
        foreach (TopicTraffic topic in topics)
        {
            sink.Sample(Prefix + name, value(topic), "topic", topic.Topic);
        }
    }
}
