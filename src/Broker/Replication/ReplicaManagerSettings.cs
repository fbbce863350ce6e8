using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>All that a <see cref="ReplicaManager"/> needs.</summary>
public sealed record ReplicaManagerSettings
{
    public required ReplicationOptions Options { get; init; }

    public required LogManager Logs { get; init; }

    public required ITransport Transport { get; init; }

    /// <summary>The way to the active controller, for AlterPartition and blocks of producer ids.</summary>
    public required ControllerSend Controller { get; init; }

    public required TimeProvider Time { get; init; }

    public required Prng Chance { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>
    /// The epoch that the controller gave this incarnation; negative until it is registered. Any thread.
    /// </summary>
    public required Func<long> BrokerEpoch { get; init; }

    /// <summary>
    /// A topic's configuration from its own settings and the broker's dynamic ones (own before cluster-wide), each by
    /// key.
    /// </summary>
    public required Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>,
        IReadOnlyDictionary<string, string>, TopicSettings> TopicSettings
    { get; init; }

    /// <summary>Whether a log directory gets no new replicas (KIP-1066).</summary>
    public Func<LogDirectory, bool> IsCordoned { get; init; } = static _ => false;

    /// <summary>replica.alter.log.dirs.io.max.bytes.per.second, as it is now.</summary>
    public Func<double> MoveBytesPerSecond { get; init; } = static () => double.MaxValue;

    /// <summary>The disk failed or an invariant broke: the node has to stop.</summary>
    public required Action<Exception> Fault { get; init; }
}
