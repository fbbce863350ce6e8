using KRaftSharp.Broker.Network;

namespace KRaftSharp.Broker.Node;

/// <summary>A listener that the node wants served, and what serves it.</summary>
/// <param name="MayServe">Requests are taken from then on: a broker that has not read the metadata yet would tell its
/// clients that their topics do not exist. Connections may be made before, so that nobody thinks the node gone.</param>
public sealed record NodeListener(
    string Name, string Host, int Port, ListenerKind Kind, RequestProcessor Processor, Task MayServe);
