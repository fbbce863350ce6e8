using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The next step of a member to its target: first give up, then take what others have given up (KIP-848).
/// </summary>
internal static class Reconciliation
{
    /// <param name="owned">What the member says it has; null when it did not say.</param>
    /// <param name="target">Of <paramref name="targetEpoch"/>.</param>
    /// <param name="isHeldByOther">Whether another member still has a partition, or may have it.</param>
    /// <param name="subscribed">The topics that it subscribes to: the target may be older than that. Null for those
    /// of the target.</param>
    /// <param name="isSubscriptionNew">Whether the subscription has just changed.</param>
    public static ConsumerMember Next(
        ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, ImmutableSortedSet<TopicIdPartition> target,
        int targetEpoch, Func<TopicIdPartition, bool> isHeldByOther, IReadOnlySet<Uuid>? subscribed = null,
        bool isSubscriptionNew = false)
    {
        switch (member.State)
        {
            case MemberState.Stable when member.Epoch == targetEpoch:
            case MemberState.UnrevokedPartitions when StillOwns(owned, member.PendingRevocation):
                return isSubscriptionNew && subscribed is not null ? Unsubscribe(member, owned, subscribed) : member;
        }

        if (subscribed is not null)
        {
            target = [.. target.Where(partition => subscribed.Contains(partition.TopicId))];
        }

        ImmutableSortedSet<TopicIdPartition> kept = member.Assigned.Intersect(target);
        ImmutableSortedSet<TopicIdPartition> given = member.Assigned.Except(target);
        if (given.Count > 0 && StillOwns(owned, given))
        {
            return member.WithPartitions(kept, given, member.Epoch) with { State = MemberState.UnrevokedPartitions };
        }

        ImmutableSortedSet<TopicIdPartition> wanted = target.Except(member.Assigned);
        ImmutableSortedSet<TopicIdPartition> free =
            [.. wanted.Where(partition => !isHeldByOther(partition))];
        return member.WithPartitions(kept.Union(free), [], targetEpoch) with
        {
            State = free.Count == wanted.Count ? MemberState.Stable : MemberState.UnreleasedPartitions,
            PreviousEpoch = member.Epoch == targetEpoch ? member.PreviousEpoch : member.Epoch,
            Epoch = targetEpoch,
        };
    }

    /// <summary>What it no longer subscribes to is given up before there is a new target.</summary>
    private static ConsumerMember Unsubscribe(
        ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, IReadOnlySet<Uuid> subscribed)
    {
        ImmutableSortedSet<TopicIdPartition> kept =
            [.. member.Assigned.Where(partition => subscribed.Contains(partition.TopicId))];
        if (kept.Count == member.Assigned.Count)
        {
            return member;
        }

        ImmutableSortedSet<TopicIdPartition> given = member.PendingRevocation.Union(member.Assigned.Except(kept));
        return StillOwns(owned, given)
            ? member.WithPartitions(kept, given, member.Epoch) with { State = MemberState.UnrevokedPartitions }
            : member.WithPartitions(kept, member.PendingRevocation, member.Epoch);
    }

    private static bool StillOwns(
        IReadOnlySet<TopicIdPartition>? owned, ImmutableSortedSet<TopicIdPartition> revoked) =>
        owned is null || revoked.Any(owned.Contains);
}
