namespace KRaftSharp.Client.Admin;

/// <summary>A topic to be created.</summary>
public sealed record NewTopic(string Name)
{
    /// <summary>-1: the broker's <c>num.partitions</c>.</summary>
    public int Partitions { get; init; } = -1;

    /// <summary>-1: the broker's <c>default.replication.factor</c>.</summary>
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>Node ids of each partition's replicas; takes the place of the two numbers.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Assignments { get; init; }

    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();
}
