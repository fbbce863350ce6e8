using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing;

/// <summary>One partition's part of a share fetch.</summary>
/// <param name="Lease">Owns the records; null when there are none.</param>
internal sealed record SharePartResult(
    TopicIdPartition Partition, ErrorCode Error, ReadOnlyMemory<byte> Records, IDisposable? Lease,
    IReadOnlyList<AcquiredRange> Acquired)
{
    public static SharePartResult Failed(TopicIdPartition partition, ErrorCode error) =>
        new(partition, error, ReadOnlyMemory<byte>.Empty, null, []);

    public static SharePartResult Empty(TopicIdPartition partition) => Failed(partition, ErrorCode.None);
}
