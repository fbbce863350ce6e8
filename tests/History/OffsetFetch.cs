namespace KRaftSharp.History;

/// <summary>A group's offset as it was told to somebody who asked.</summary>
/// <param name="Offset">-1 when the group has none.</param>
/// <param name="AskedAt">The moment of the question, by the history's count of operations.</param>
/// <param name="At">The moment of the answer.</param>
/// <param name="IsFinal">Asked when all is quiet.</param>
public sealed record OffsetFetch(
    string Group, PartitionId Partition, long Offset, long AskedAt, long At, bool IsFinal);
