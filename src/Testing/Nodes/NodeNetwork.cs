using System.Collections.Concurrent;

namespace KRaftSharp.Testing.Nodes;

/// <summary>Which nodes cannot hear each other.</summary>
internal sealed class NodeNetwork
{
    private readonly ConcurrentDictionary<(int Low, int High), bool> _cut = new();
    private readonly ConcurrentDictionary<int, int> _nodeOfPort = new();

    public void Register(int port, int nodeId) => _nodeOfPort[port] = nodeId;

    public void Cut(int one, int other) => _cut[Pair(one, other)] = true;

    public void Mend(int one, int other) => _cut.TryRemove(Pair(one, other), out _);

    public void MendAll() => _cut.Clear();

    public bool IsCut(int from, int port) =>
        _nodeOfPort.TryGetValue(port, out int to) && _cut.ContainsKey(Pair(from, to));

    private static (int Low, int High) Pair(int one, int other) => (Math.Min(one, other), Math.Max(one, other));
}
