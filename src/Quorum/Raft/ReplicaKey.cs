using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft;

/// <summary>A replica of the metadata log: node and, where known, the id of its log directory (KIP-853).</summary>
/// <param name="DirectoryId">Zero where not known, as always with a static voter set.</param>
public readonly record struct ReplicaKey(int Id, Uuid DirectoryId)
{
    /// <summary>The same node, and the same directory as far as both name one.</summary>
    public bool Matches(ReplicaKey other) =>
        Id == other.Id && (DirectoryId.IsZero || other.DirectoryId.IsZero || DirectoryId == other.DirectoryId);

    public override string ToString() => DirectoryId.IsZero ? $"{Id}" : $"{Id}/{DirectoryId}";
}
