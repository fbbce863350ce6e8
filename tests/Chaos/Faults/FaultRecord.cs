namespace KRaftSharp.Chaos.Faults;

/// <summary>A fault that struck.</summary>
/// <param name="Node">0 for all.</param>
/// <param name="Peer">The other node of a cut; 0 where there is none.</param>
/// <param name="FromMs">Since the run's start.</param>
/// <param name="ToMs">When the node was back, or the cut healed.</param>
internal sealed record FaultRecord(FaultKind Kind, int Node, int Peer, long FromMs, long ToMs)
{
    public string What => Peer == 0 ? $"{Kind} of {(Node == 0 ? "all" : $"node {Node}")}"
        : $"{Kind} of node {Node} and node {Peer}";
}
