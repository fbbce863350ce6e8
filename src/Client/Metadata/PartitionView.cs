using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Metadata;

/// <summary>What is known of one partition.</summary>
/// <param name="Index">The partition's number.</param>
/// <param name="LeaderId">-1 without a leader.</param>
/// <param name="LeaderEpoch">-1 where the broker is too old to say.</param>
/// <param name="Replicas">Node ids, the preferred leader first.</param>
/// <param name="Isr">Node ids of the replicas in sync.</param>
/// <param name="Offline">Node ids of the replicas that are down.</param>
/// <param name="Error">Why there is no leader.</param>
public sealed record PartitionView(
    int Index,
    int LeaderId,
    int LeaderEpoch,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr,
    IReadOnlyList<int> Offline,
    ErrorCode Error);
