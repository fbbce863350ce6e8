namespace KRaftSharp.Tests.Property.Simulation.History;

internal readonly record struct TopicPartitionName(string Topic, int Partition) : IComparable<TopicPartitionName>
{
    public int CompareTo(TopicPartitionName other) =>
        string.CompareOrdinal(Topic, other.Topic) is not 0 and int byTopic
            ? byTopic
            : Partition.CompareTo(other.Partition);

    public override string ToString() => $"{Topic}-{Partition}";
}
