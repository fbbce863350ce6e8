using KRaftSharp.Broker.Node;
using KRaftSharp.Broker.Quotas;
using KRaftSharp.Broker.Replication.Throttling;
using KRaftSharp.Log.Scheduling;

namespace KRaftSharp.Broker.Admin.Metrics;

/// <summary>What clients use of their quotas and replication of its throttle.</summary>
internal sealed class QuotaMetrics(KafkaNode node, TimeProvider time) : IMetricsSource
{
    private const string Usage = "kafka_server_quota_usage";
    private const string ThrottleTime = "kafka_server_quota_throttle_time_ms";
    private const string Replication = "kafka_server_replication_throttled_rate";

    public void Write(MetricsSink sink)
    {
        if (node is not { Quotas: { } quotas, Replicas: { } replicas })
        {
            return;
        }

        long nowMs = time.MonotonicMs();
        var usages = quotas.All.Select(quota => (quota.Key, Usages: quota.Usages(nowMs))).ToList();
        sink.Metric(Usage, "gauge", "What is used of a quota, a second, by those that share it.");
        foreach ((string key, var all) in usages)
        {
            foreach (QuotaUsage one in all)
            {
                sink.Sample(
                    Usage, one.Rate, "quota", key, "user", one.Bucket.User, "client_id", one.Bucket.ClientId);
            }
        }

        sink.Metric(ThrottleTime, "gauge", "How long the last request under a quota made its client wait.");
        foreach ((string key, var all) in usages)
        {
            foreach (QuotaUsage one in all)
            {
                sink.Sample(
                    ThrottleTime, one.ThrottleMs, "quota", key, "user", one.Bucket.User, "client_id",
                    one.Bucket.ClientId);
            }
        }

        ReplicationThrottles throttles = replicas.Throttles;
        sink.Metric(Replication, "gauge", "Bytes a second of throttled replicas.");
        sink.Sample(Replication, throttles.Leader.Rate(nowMs), "side", "leader");
        sink.Sample(Replication, throttles.Follower.Rate(nowMs), "side", "follower");
    }
}
