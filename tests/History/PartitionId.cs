namespace KRaftSharp.History;

/// <summary>A partition of a topic.</summary>
public readonly record struct PartitionId(string Topic, int Partition) : IComparable<PartitionId>
{
    public static bool operator <(PartitionId left, PartitionId right) => left.CompareTo(right) < 0;

    public static bool operator <=(PartitionId left, PartitionId right) => left.CompareTo(right) <= 0;

    public static bool operator >(PartitionId left, PartitionId right) => left.CompareTo(right) > 0;

    public static bool operator >=(PartitionId left, PartitionId right) => left.CompareTo(right) >= 0;

    public int CompareTo(PartitionId other) =>
        string.CompareOrdinal(Topic, other.Topic) is not 0 and int byTopic
            ? byTopic
            : Partition.CompareTo(other.Partition);

    public override string ToString() => $"{Topic}-{Partition}";
}
