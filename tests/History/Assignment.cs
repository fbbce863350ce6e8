namespace KRaftSharp.History;

/// <summary>What a member of a group was given in one generation (or assignment epoch).</summary>
public sealed record Assignment(string Group, int Generation, string Member, IReadOnlyList<PartitionId> Partitions);
