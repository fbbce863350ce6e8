using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Metadata;

/// <summary>What is known of one topic.</summary>
/// <param name="Name">The topic's name.</param>
/// <param name="Id">Zero where the broker is too old to say.</param>
/// <param name="IsInternal">Whether the cluster itself uses it.</param>
/// <param name="Error">Why nothing is known.</param>
/// <param name="Partitions">By number, without gaps.</param>
public sealed record TopicView(
    string Name, Uuid Id, bool IsInternal, ErrorCode Error, IReadOnlyList<PartitionView> Partitions)
{
    public PartitionView? Find(int partition) =>
        (uint)partition < (uint)Partitions.Count ? Partitions[partition] : null;
}
