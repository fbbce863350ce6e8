namespace KRaftSharp.Client.Admin;

/// <summary>The metadata quorum as its leader sees it.</summary>
public sealed record QuorumDescription(
    int LeaderId,
    int LeaderEpoch,
    long HighWatermark,
    IReadOnlyList<QuorumReplica> Voters,
    IReadOnlyList<QuorumReplica> Observers);
