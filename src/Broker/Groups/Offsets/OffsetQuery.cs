using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>Which offsets of a group are asked for.</summary>
/// <param name="Partitions">Null for all that there are. With the id of the topic where it is known: what was committed
/// for an earlier topic of the name does not count.</param>
/// <param name="RequireStable">Offsets that open transactions may change are not told (KIP-447).</param>
internal sealed record OffsetQuery(
    string GroupId, string? MemberId, int MemberEpoch,
    IReadOnlyList<(TopicPartition Partition, Uuid TopicId)>? Partitions, bool RequireStable);
