namespace KRaftSharp.History;

/// <summary>
/// Input that a transaction has worked on: the offsets from <paramref name="From"/> to before <paramref name="To"/>,
/// of which the second is committed for the group.
/// </summary>
public sealed record Consumed(string Group, PartitionId Partition, long From, long To);
