using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Assertions;

namespace KRaftSharp.Broker.Transactions;

/// <summary>The broker's configuration of transactions.</summary>
internal sealed record TransactionOptions
{
    /// <summary>transaction.max.timeout.ms.</summary>
    public int MaxTimeoutMs { get; init; } = 900_000;

    /// <summary>transaction.abort.timed.out.transaction.cleanup.interval.ms.</summary>
    public int AbortIntervalMs { get; init; } = 10_000;

    /// <summary>transactional.id.expiration.ms.</summary>
    public long IdExpirationMs { get; init; } = 604_800_000;

    /// <summary>transaction.remove.expired.transaction.cleanup.interval.ms.</summary>
    public int ExpireIntervalMs { get; init; } = 3_600_000;

    /// <summary>transaction.partition.verification.enable.</summary>
    public bool VerifiesPartitions { get; init; } = true;

    /// <summary>add.partitions.to.txn.retry.backoff.ms.</summary>
    public int AddRetryBackoffMs { get; init; } = 20;

    /// <summary>add.partitions.to.txn.retry.backoff.max.ms: how long a produce waits for the transaction before it.
    /// </summary>
    public int AddRetryMaxMs { get; init; } = 100;

    /// <summary>request.timeout.ms: how long an append of markers, or a request to another broker, may take.</summary>
    public int RequestTimeoutMs { get; init; } = 30_000;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    public static TransactionOptions Of(NodeConfig config) => new()
    {
        MaxTimeoutMs = config.GetInt("transaction.max.timeout.ms"),
        AbortIntervalMs = config.GetInt("transaction.abort.timed.out.transaction.cleanup.interval.ms"),
        IdExpirationMs = config.GetLong("transactional.id.expiration.ms"),
        ExpireIntervalMs = config.GetInt("transaction.remove.expired.transaction.cleanup.interval.ms"),
        VerifiesPartitions = config.GetBool("transaction.partition.verification.enable"),
        AddRetryBackoffMs = config.GetInt("add.partitions.to.txn.retry.backoff.ms"),
        AddRetryMaxMs = config.GetInt("add.partitions.to.txn.retry.backoff.max.ms"),
        RequestTimeoutMs = config.GetInt("request.timeout.ms"),
    };
}
