using System.Globalization;
using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>The replicas of this node and their logs, and the partitions that it leads.</summary>
internal sealed class PartitionMetrics : IMetricsSource, IMetadataSubscriber
{
    private const string Manager = "kafka_server_replicamanager_";
    private const string Log = "kafka_log_log_";
    private const string Partitions = "kafka_topic_partition_";

    private readonly KafkaNode _node;
    private readonly EffectiveConfigs _configs;
    private long _shrinks;
    private long _expands;

    public PartitionMetrics(KafkaNode node, EffectiveConfigs configs)
    {
        _node = node;
        _configs = configs;
        node.Subscribe(this);
    }

    /// <summary>Counts changes of the ISR where this node leads.</summary>
    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        foreach (TopicDelta topic in delta.Topics.Changed.Values)
        {
            foreach (PartitionChange change in topic.Partitions.Values)
            {
                if (change.Before is not { } before || change.After.Leader != _node.Config.NodeId)
                {
                    continue;
                }

                if (change.After.Isr.Length < before.Isr.Length)
                {
                    Interlocked.Increment(ref _shrinks);
                }
                else if (change.After.Isr.Length > before.Isr.Length)
                {
                    Interlocked.Increment(ref _expands);
                }
            }
        }
    }

    public void Write(MetricsSink sink)
    {
        if (_node.Replicas is not { } replicas)
        {
            return;
        }

        IReadOnlyList<Partition> all = replicas.Partitions;
        WriteManager(sink, all);
        WriteLogs(sink, all);
        WriteLed(sink, [.. all.Where(partition => partition.View.IsLeader)]);
    }

    private void WriteManager(MetricsSink sink, IReadOnlyList<Partition> all)
    {
        MetadataImage image = _node.Image;
        int leaders = 0, under = 0, underMin = 0, offline = 0;
        foreach (Partition partition in all)
        {
            ReplicaView view = partition.View;
            offline += partition.Log.IsOffline ? 1 : 0;
            if (view.IsLeader)
            {
                leaders++;
                under += view.Isr.Count < view.Replicas.Count ? 1 : 0;
                underMin += view.Isr.Count
                    < _configs.MinInsyncReplicas(image.Configs, partition.TopicPartition.Topic) ? 1 : 0;
            }
        }

        sink.Gauge(Manager + "leadercount", "Partitions that this node leads.", leaders);
        sink.Gauge(Manager + "partitioncount", "Replicas on this node.", all.Count);
        sink.Gauge(Manager + "underreplicatedpartitions", "Partitions led here with replicas not in sync.", under);
        sink.Gauge(Manager + "underminisrpartitioncount",
            "Partitions led here with fewer in-sync replicas than min.insync.replicas.", underMin);
        sink.Gauge(Manager + "offlinereplicacount", "Replicas here whose disk failed.", offline);
        sink.Counter(Manager + "isrshrinks_total", "Replicas that left an ISR here.", Interlocked.Read(ref _shrinks));
        sink.Counter(Manager + "isrexpands_total", "Replicas that joined an ISR here.", Interlocked.Read(ref _expands));
    }

    private static void WriteLogs(MetricsSink sink, IReadOnlyList<Partition> all)
    {
        Gauge(sink, all, Log + "size", "Bytes of a log.", partition => partition.Log.SizeBytes);
        Gauge(sink, all, Log + "logstartoffset", "The first offset of a log.",
            partition => partition.Log.LogStartOffset);
        Gauge(sink, all, Log + "logendoffset", "The offset after the last record.",
            partition => partition.Log.LogEndOffset);
    }

    private static void WriteLed(MetricsSink sink, IReadOnlyList<Partition> led)
    {
        Gauge(sink, led, Partitions + "current_offset", "The high watermark of a partition led here.",
            partition => partition.HighWatermark);
        Gauge(sink, led, Partitions + "leader", "The leader's id.", partition => partition.View.LeaderId);
        Gauge(sink, led, Partitions + "replicas", "How many replicas there are.",
            partition => partition.View.Replicas.Count);
        Gauge(sink, led, Partitions + "in_sync_replica", "How many replicas are in sync.",
            partition => partition.View.Isr.Count);
    }

    private static void Gauge(
        MetricsSink sink, IReadOnlyList<Partition> partitions, string name, string help,
        Func<Partition, double> value)
    {
        sink.Metric(name, "gauge", help);
        foreach (Partition partition in partitions)
        {
            sink.Sample(
                name, value(partition), "topic", partition.TopicPartition.Topic, "partition",
                partition.TopicPartition.Partition.ToString(CultureInfo.InvariantCulture));
        }
    }
}
