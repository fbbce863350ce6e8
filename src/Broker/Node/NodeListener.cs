using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Node;

/// <summary>A listener that the node wants served, and what serves it.</summary>
public sealed record NodeListener(string Name, string Host, int Port, ListenerKind Kind, RequestProcessor Processor);
