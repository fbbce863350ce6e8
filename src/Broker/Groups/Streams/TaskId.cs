namespace KRaftSharp.Broker.Groups.Streams;

/// <summary>A task of a streams group: one partition of each source topic of a subtopology. Ordered by both.</summary>
internal readonly record struct TaskId(string Subtopology, int Partition) : IComparable<TaskId>
{
    public int CompareTo(TaskId other)
    {
        int bySubtopology = string.CompareOrdinal(Subtopology, other.Subtopology);
        return bySubtopology != 0 ? bySubtopology : Partition.CompareTo(other.Partition);
    }

    public static bool operator <(TaskId left, TaskId right) => left.CompareTo(right) < 0;

    public static bool operator >(TaskId left, TaskId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TaskId left, TaskId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TaskId left, TaskId right) => left.CompareTo(right) >= 0;

    /// <summary>As Kafka writes tasks.</summary>
    public override string ToString() => $"{Subtopology}_{Partition}";
}
