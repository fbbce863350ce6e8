namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>What one running node says of one partition that it has a replica of.</summary>
internal sealed record PartitionView(
    int NodeId,
    int Life,
    string Partition,
    bool IsLeader,
    int LeaderEpoch,
    long LogStartOffset,
    long HighWatermark,
    long LogEndOffset);
