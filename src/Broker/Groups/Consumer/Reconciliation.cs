using System.Collections.Immutable;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The next step of a member to its target: first give up, then take what others have given up (KIP-848).
/// </summary>
internal static class Reconciliation
{
    /// <param name="owned">What the member says it has; null when it did not say.</param>
    /// <param name="target">Of <paramref name="targetEpoch"/>.</param>
    /// <param name="isHeldByOther">Whether another member still has a partition, or may have it.</param>
    public static ConsumerMember Next(
        ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, ImmutableSortedSet<TopicIdPartition> target,
        int targetEpoch, Func<TopicIdPartition, bool> isHeldByOther)
    {
        switch (member.State)
        {
            case MemberState.Stable when member.Epoch == targetEpoch:
            case MemberState.UnrevokedPartitions when StillOwns(owned, member.PendingRevocation):
                return member;
        }

        ImmutableSortedSet<TopicIdPartition> kept = member.Assigned.Intersect(target);
        ImmutableSortedSet<TopicIdPartition> given = member.Assigned.Except(target);
        if (given.Count > 0 && StillOwns(owned, given))
        {
            return member with
            {
                State = MemberState.UnrevokedPartitions,
                Assigned = kept,
                PendingRevocation = given,
            };
        }

        ImmutableSortedSet<TopicIdPartition> wanted = target.Except(member.Assigned);
        ImmutableSortedSet<TopicIdPartition> free =
            [.. wanted.Where(partition => !isHeldByOther(partition))];
        return member with
        {
            State = free.Count == wanted.Count ? MemberState.Stable : MemberState.UnreleasedPartitions,
            PreviousEpoch = member.Epoch == targetEpoch ? member.PreviousEpoch : member.Epoch,
            Epoch = targetEpoch,
            Assigned = kept.Union(free),
            PendingRevocation = [],
        };
    }

    private static bool StillOwns(
        IReadOnlySet<TopicIdPartition>? owned, ImmutableSortedSet<TopicIdPartition> revoked) =>
        owned is null || revoked.Any(owned.Contains);
}
