using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>The offsets of a group, or why there are none.</summary>
internal sealed record OffsetAnswer(ErrorCode Error, IReadOnlyList<OffsetAnswer.PartitionOffset> Offsets)
{
    /// <param name="Offset">-1 where nothing is committed.</param>
    internal readonly record struct PartitionOffset(
        TopicPartition Partition, long Offset, int LeaderEpoch, string Metadata, ErrorCode Error);

    public static OffsetAnswer Failed(ErrorCode error) => new(error, []);
}
