using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>What holds for every change of a topic's partitions.</summary>
/// <param name="AllowsUnclean">unclean.leader.election.enable.</param>
/// <param name="HasElr">True when eligible leader replicas are kept (KIP-966).</param>
/// <param name="MinIsr">min.insync.replicas, at most the number of replicas; counts only with ELR.</param>
/// <param name="DefaultDirectory">Where a broker's new replica lies.</param>
internal sealed record PartitionContext(
    Uuid TopicId, MetadataVersion Version, bool AllowsUnclean, bool HasElr, int MinIsr,
    Func<int, Uuid> DefaultDirectory);
