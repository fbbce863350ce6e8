using KRaftSharp.Log.Assertions;
using KRaftSharp.Quorum.Quotas;

namespace KRaftSharp.Broker.Replication;

/// <summary>The broker's configuration of replication, with Kafka's defaults.</summary>
public sealed record ReplicationOptions
{
    /// <summary>node.id.</summary>
    public required int BrokerId { get; init; }

    /// <summary>The listener that brokers use among themselves (inter.broker.listener.name).</summary>
    public required string InterBrokerListener { get; init; }

    /// <summary>replica.lag.time.max.ms.</summary>
    public long ReplicaLagTimeMaxMs { get; init; } = 30_000;

    /// <summary>replica.fetch.wait.max.ms.</summary>
    public int ReplicaFetchWaitMaxMs { get; init; } = 500;

    /// <summary>replica.fetch.min.bytes.</summary>
    public int ReplicaFetchMinBytes { get; init; } = 1;

    /// <summary>replica.fetch.max.bytes, of one partition.</summary>
    public int ReplicaFetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>replica.fetch.response.max.bytes.</summary>
    public int ReplicaFetchResponseMaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>replica.fetch.backoff.ms: how long a partition with an error is left out.</summary>
    public int ReplicaFetchBackoffMs { get; init; } = 1000;

    /// <summary>replica.socket.timeout.ms.</summary>
    public int ReplicaSocketTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a follower waits before it tries a leader again that cannot be reached.</summary>
    /// <remarks>Not Kafka's: a process that is gone refuses at once, and a new one is to be found at once.</remarks>
    public int UnreachableRetryMs { get; init; } = 50;

    /// <summary>replica.high.watermark.checkpoint.interval.ms.</summary>
    public long CheckpointIntervalMs { get; init; } = 5000;

    /// <summary>log.retention.check.interval.ms.</summary>
    public long RetentionCheckIntervalMs { get; init; } = 300_000;

    /// <summary>log.flush.scheduler.interval.ms: how often logs are looked at whose flush.ms has passed.</summary>
    public long FlushCheckIntervalMs { get; init; } = long.MaxValue;

    /// <summary>fetch.max.bytes.</summary>
    public int FetchMaxBytes { get; init; } = 55 * 1024 * 1024;

    /// <summary>max.incremental.fetch.session.cache.slots.</summary>
    public int FetchSessionCacheSlots { get; init; } = 1000;

    /// <summary>replication.quota.window.num and replication.quota.window.size.seconds.</summary>
    public QuotaWindows ThrottleWindows { get; init; } = QuotaWindows.Default;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    /// <summary>How long a session must be unused before a new one may take its place.</summary>
    public long FetchSessionEvictionMs { get; init; } = 120_000;
}
