using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication.Sessions;

/// <summary>A partition as a fetch names it: by the topic's id from version 13 on, else by its name.</summary>
internal readonly record struct FetchKey(string? Name, Uuid TopicId, int Partition);
