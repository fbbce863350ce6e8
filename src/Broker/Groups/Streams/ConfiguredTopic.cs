namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>An internal topic of a topology as it must be.</summary>
/// <param name="ReplicationFactor">0 for the cluster's default.</param>
internal sealed record ConfiguredTopic(
    string Name, int Partitions, short ReplicationFactor, IReadOnlyList<KeyValuePair<string, string>> Configs);
