using KRaftSharp.Log;

namespace KRaftSharp.Broker.Replication;

/// <summary>A topic's configuration, as far as replicas need it.</summary>
/// <param name="MinInsyncReplicas">min.insync.replicas.</param>
public sealed record TopicSettings(LogOptions Log, int MinInsyncReplicas);
