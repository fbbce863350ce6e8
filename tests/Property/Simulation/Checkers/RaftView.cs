namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>What one running node's quorum replica says of itself.</summary>
/// <param name="LeaderId">The leader it knows in this epoch, -1 where none.</param>
internal sealed record RaftView(
    int NodeId, int Life, int Epoch, int LeaderId, long LogStartOffset, long HighWatermark, long LogEndOffset)
{
    /// <summary>Who votes, as its log says; null where all nodes do, always.</summary>
    public IReadOnlyList<int>? Voters { get; init; }

    public bool IsLeader => LeaderId == NodeId;
}
