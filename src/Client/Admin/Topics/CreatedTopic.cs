using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin;

/// <summary>What became of a topic's creation.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Id">Zero where the broker is too old to say, and on failure.</param>
/// <param name="Partitions">-1 where the broker does not say.</param>
/// <param name="ReplicationFactor">-1 where the broker does not say.</param>
public sealed record CreatedTopic(string Name, Uuid Id, int Partitions, short ReplicationFactor);
