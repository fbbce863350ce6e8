namespace KRaftSharp.Client;

/// <summary>One partition of a topic, by the topic's name.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}-{Partition}";
}
