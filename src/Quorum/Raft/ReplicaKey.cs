using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft;

/// <summary>A replica of the metadata log: node and, where known, the id of its log directory (KIP-853).</summary>
/// <param name="DirectoryId">Zero where not known, as always with a static voter set.</param>
public readonly record struct ReplicaKey(int Id, Uuid DirectoryId) : IComparable<ReplicaKey>
{
    public static bool operator <(ReplicaKey left, ReplicaKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ReplicaKey left, ReplicaKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ReplicaKey left, ReplicaKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ReplicaKey left, ReplicaKey right) => left.CompareTo(right) >= 0;

    /// <summary>The same node, and the same directory as far as both name one.</summary>
    public bool Matches(ReplicaKey other) =>
        Id == other.Id && (DirectoryId.IsZero || other.DirectoryId.IsZero || DirectoryId == other.DirectoryId);

    public int CompareTo(ReplicaKey other) =>
        Id != other.Id ? Id.CompareTo(other.Id) : DirectoryId.CompareTo(other.DirectoryId);

    public override string ToString() => DirectoryId.IsZero ? $"{Id}" : $"{Id}/{DirectoryId}";

    /// <summary>As Kafka prints it in its error messages.</summary>
    public string ToKafkaString() =>
        $"ReplicaKey(id={Id}, directoryId={(DirectoryId.IsZero ? "<undefined>" : DirectoryId.ToString())})";
}
