using KRaftSharp.Broker.Node;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Raft.Driver;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>This node's part in the metadata quorum.</summary>
internal sealed class QuorumMetrics(KafkaNode node) : IMetricsSource
{
    private const string Prefix = "kafka_server_raftmetrics_";

    private static readonly string[] States = ["leader", "follower", "observer", "unattached"];

    public void Write(MetricsSink sink)
    {
        LeaderAndEpoch leader = node.Quorum.Leader;
        string state = leader.LeaderId == node.Config.NodeId ? "leader"
            : leader.LeaderId is null ? "unattached"
            : node.Quorum.Voters.Contains(node.Config.NodeId) ? "follower" : "observer";
        sink.Metric(Prefix + "current_state", "gauge", "1 for the state that this node is in.");
        foreach (string one in States)
        {
            sink.Sample(Prefix + "current_state", one == state ? 1 : 0, "state", one);
        }

        sink.Gauge(Prefix + "current_leader", "The leader's id; -1 while none is known.", leader.LeaderId ?? -1);
        sink.Gauge(Prefix + "current_epoch", "The epoch of the quorum.", leader.Epoch);
        sink.Gauge(Prefix + "high_watermark", "Offsets below are committed.", node.Quorum.HighWatermark);
        sink.Gauge(Prefix + "log_end_offset", "The offset after the last record of the metadata log.",
            node.Quorum.LogEndOffset);
        RaftStats stats = node.RaftStats;
        Latency(sink, "commit_latency", "from an append by the leader until a majority has it", stats.CommitLatency);
        Latency(sink, "election_latency", "from the first try to be elected until a leader is known",
            stats.ElectionLatency);
        sink.Gauge(Prefix + "append_records_rate", "Records a second that this node appends as the leader.",
            stats.Appends.PerSecond);
        sink.Gauge(Prefix + "applied_offset", "The offset up to which this node has applied the metadata.",
            node.Image.Provenance.EndOffset);
    }

    /// <summary>Not a number, as in Kafka, while there was none in the last minute.</summary>
    private static void Latency(MetricsSink sink, string name, string what, RecentStat stat)
    {
        sink.Gauge($"{Prefix}{name}_avg", $"Milliseconds {what}, on average over the last minute.", stat.Average);
        sink.Gauge($"{Prefix}{name}_max", $"Milliseconds {what}, at most in the last minute.", stat.Max);
    }
}
