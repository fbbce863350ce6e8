using KRaftSharp.Quorum.Quotas;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What a controller is told by its configuration. Defaults are Kafka's.</summary>
public sealed record ControllerSettings
{
    public required int NodeId { get; init; }

    /// <summary>Brokers of another cluster are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>
    /// What the first controller of a new cluster writes: the records of the snapshot that formatting left, or
    /// <see cref="Bootstrap"/>.
    /// </summary>
    public IReadOnlyList<VersionedRecord> BootstrapRecords { get; init; } = Bootstrap.LatestProduction;

    /// <summary>The server's own properties as they are in its file: only what is set there.</summary>
    public IReadOnlyDictionary<string, string> StaticConfigs { get; init; } = new Dictionary<string, string>();

    /// <summary>broker.session.timeout.ms: how long a silent broker stays unfenced.</summary>
    public int BrokerSessionTimeoutMs { get; init; } = 9000;

    /// <summary>auto.leader.rebalance.enable.</summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary>leader.imbalance.check.interval.seconds.</summary>
    public int LeaderImbalanceCheckIntervalSeconds { get; init; } = 300;

    /// <summary>metadata.max.idle.interval.ms: a NoOpRecord at least so often; 0 for none.</summary>
    public int MaxIdleIntervalMs { get; init; } = 500;

    /// <summary>unclean.leader.election.interval.ms.</summary>
    public long UncleanElectionIntervalMs { get; init; } = 300_000;

    /// <summary>
    /// The listener that probes of a broker's life go to; its first one when it has none of that name.
    /// </summary>
    public string InterBrokerListenerName { get; init; } = "PLAINTEXT";

    /// <summary>How long a probe waits for an answer. A refused one is answered at once.</summary>
    public int ProbeTimeoutMs { get; init; } = 1000;

    /// <summary>Pause before a probe that was neither answered nor refused is repeated.</summary>
    public int ProbeRetryMs { get; init; } = 20;

    /// <summary>Records an append may have at most; larger decisions are refused as Kafka refuses them.</summary>
    public int MaxRecordsPerDecision { get; init; } = 10_000;

    /// <summary>controller.quota.window.num and controller.quota.window.size.seconds.</summary>
    public QuotaWindows MutationWindows { get; init; } = QuotaWindows.Default;
}
