namespace KRaftSharp.Client.Admin;

/// <summary>A partition with its eligible leaders (KIP-966).</summary>
/// <param name="Index">The partition's number.</param>
/// <param name="LeaderId">-1 without a leader.</param>
/// <param name="LeaderEpoch">-1 unknown.</param>
/// <param name="Replicas">Node ids, the preferred leader first.</param>
/// <param name="Isr">Node ids of the replicas in sync.</param>
/// <param name="Offline">Node ids of the replicas that are down.</param>
/// <param name="EligibleLeaders">Out of sync, yet with every acknowledged record.</param>
/// <param name="LastKnownEligibleLeaders">Those that were, before they stopped uncleanly.</param>
public sealed record PartitionDescription(
    int Index,
    int LeaderId,
    int LeaderEpoch,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr,
    IReadOnlyList<int> Offline,
    IReadOnlyList<int> EligibleLeaders,
    IReadOnlyList<int> LastKnownEligibleLeaders);
