namespace KRaftSharp.Quorum.Metadata;

/// <summary>A partition before (null when it is new) and after a delta.</summary>
public readonly record struct PartitionChange(PartitionRegistration? Before, PartitionRegistration After);
