using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>What an assignor starts from.</summary>
/// <param name="Members">In the order in which they are served.</param>
/// <param name="PartitionCounts">Of every topic that a member subscribes to.</param>
internal sealed record AssignmentInput(
    IReadOnlyList<AssignmentInput.Member> Members, IReadOnlyDictionary<Uuid, int> PartitionCounts)
{
    /// <param name="Topics">That exist, in the order in which they are served.</param>
    /// <param name="Target">What it had until now.</param>
    internal sealed record Member(
        string Id, string? InstanceId, IReadOnlyList<Uuid> Topics, ImmutableSortedSet<TopicIdPartition> Target);

    /// <summary>Whether all members subscribe to the same topics.</summary>
    public bool IsHomogeneous => Members.All(
        member => member.Topics.Count == Members[0].Topics.Count && !member.Topics.Except(Members[0].Topics).Any());
}
