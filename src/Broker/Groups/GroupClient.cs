namespace KRaftSharp.Broker.Groups;

/// <summary>Who sends a group request.</summary>
/// <param name="Host">With a slash in front, as Kafka shows addresses.</param>
/// <param name="Connection">On which it came; another one after every reconnect.</param>
internal readonly record struct GroupClient(string Id, string Host, short Version, long Connection = 0);
