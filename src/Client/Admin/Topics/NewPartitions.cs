namespace KRaftSharp.Client.Admin;

/// <summary>More partitions for a topic.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Count">How many it has afterwards.</param>
/// <param name="Assignments">Node ids of each new partition's replicas; null: the controller chooses.</param>
public sealed record NewPartitions(
    string Topic, int Count, IReadOnlyList<IReadOnlyList<int>>? Assignments = null);
