using KRaftSharp.Log;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>Which offsets of a group are asked for.</summary>
/// <param name="Partitions">Null for all that there are.</param>
/// <param name="RequireStable">Offsets that open transactions may change are not told (KIP-447).</param>
internal sealed record OffsetQuery(
    string GroupId, string? MemberId, int MemberEpoch, IReadOnlyList<TopicPartition>? Partitions, bool RequireStable);
