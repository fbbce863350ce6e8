namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>Orders that assignments follow.</summary>
internal static class TopicPartitionOrder
{
    public static Comparison<TopicPartition> ByTopic { get; } = static (one, other) =>
        string.CompareOrdinal(one.Topic, other.Topic) is not 0 and var order
            ? order
            : one.Partition.CompareTo(other.Partition);

    public static Comparison<TopicPartition> ByNumber { get; } = static (one, other) =>
        one.Partition.CompareTo(other.Partition) is not 0 and var order
            ? order
            : string.CompareOrdinal(one.Topic, other.Topic);
}
