using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Transport;

namespace KRaftSharp.Quorum.Raft;

/// <summary>What a replica of the metadata log is told; defaults are Kafka's.</summary>
public sealed record RaftSettings
{
    public required int NodeId { get; init; }

    /// <summary>The id of the metadata log directory, from its meta.properties.</summary>
    public required Uuid DirectoryId { get; init; }

    /// <summary>Requests that name another cluster are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>controller.quorum.voters: who votes while the log does not say so (kraft.version 0).</summary>
    public required VoterSet Voters { get; init; }

    /// <summary>controller.quorum.bootstrap.servers: whom to ask for the leader beside the voters.</summary>
    public IReadOnlyList<PeerEndpoint> BootstrapServers { get; init; } = [];

    /// <summary>This node's controller listeners, as others reach them; none on a broker.</summary>
    public IReadOnlyList<VoterListener> OwnListeners { get; init; } = [];

    /// <summary>controller.quorum.auto.join.enable: an observer that could vote asks to (KIP-853).</summary>
    public bool JoinsByItself { get; init; }

    /// <summary>The name under which endpoints travel in requests of KIP-853.</summary>
    public string ControllerListenerName { get; init; } = "CONTROLLER";

    /// <summary>controller.quorum.election.timeout.ms: how long to wait for a leader before an election.</summary>
    public int ElectionTimeoutMs { get; init; } = 1000;

    /// <summary>controller.quorum.fetch.timeout.ms: how long a follower goes without a fetch from its leader.</summary>
    public int FetchTimeoutMs { get; init; } = 2000;

    /// <summary>controller.quorum.election.backoff.max.ms.</summary>
    public int ElectionBackoffMaxMs { get; init; } = 1000;

    /// <summary>controller.quorum.request.timeout.ms.</summary>
    public int RequestTimeoutMs { get; init; } = 2000;

    /// <summary>controller.quorum.retry.backoff.ms.</summary>
    public int RetryBackoffMs { get; init; } = 20;

    /// <summary>controller.quorum.fetch.max.bytes: most bytes of a Fetch response; one batch always goes.</summary>
    public int FetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>controller.quorum.fetch.snapshot.max.bytes: most bytes of a FetchSnapshot response.</summary>
    public int FetchSnapshotMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a leader parks a fetch that has nothing to bring.</summary>
    public int FetchMaxWaitMs { get; init; } = 500;

    /// <summary>internal.metadata.max.batch.size.in.bytes.</summary>
    public int MaxBatchBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>metadata.log.segment.bytes.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>metadata.log.segment.ms.</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>metadata.max.retention.bytes, log and snapshots together; negative for no limit.</summary>
    public long RetentionBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>metadata.max.retention.ms; negative for no limit.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    /// <summary>The highest kraft.version of this software.</summary>
    internal const short MaxKRaftVersion = 1;

    internal ReplicaKey OwnKey => new(NodeId, DirectoryId);

    /// <summary>This node as a voter of dynamic sets; null for a broker, which never votes.</summary>
    internal Voter? OwnVoter => Voter.TryCreate(OwnKey, OwnListeners, ControllerListenerName, 0, MaxKRaftVersion);
}
