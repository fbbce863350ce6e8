using System.Collections.Immutable;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The epochs of consumer groups: when a new one begins, and the targets of each (KIP-848).</summary>
/// <param name="find">The group as its records tell of it.</param>
internal sealed class ConsumerEpochs(GroupServices services, Func<string, ConsumerGroup?> find)
{
    private const string AssignmentInterval = "consumer.assignment.interval.ms";

    public string StandardAssignor => services.Settings.ConsumerAssignors[0];

    /// <summary>Looks at the topics again, and begins a new epoch if the group or its topics have changed.</summary>
    public void Refresh(ConsumerDraft draft, bool isChanged)
    {
        ConsumerGroup group = draft.Group;
        MetadataImage image = services.Image();
        if (!isChanged && ReferenceEquals(group.CheckedTopics, image.Topics))
        {
            return;
        }

        int written = draft.Records.Count;
        Resolve(draft, image);
        long hash = services.Hashes.Of(TopicSubscriptions.NamesOf(group), image);
        if (isChanged || hash != group.MetadataHash)
        {
            draft.Add(ConsumerRecords.Epoch(group.Id, group.Epoch + 1, hash));
            draft.Add(ConsumerRecords.PartitionMetadataTombstone(group));
        }

        // What is found to have changed counts once it is written: until then the next heartbeat looks again.
        if (draft.Records.Count == written && find(group.Id) is { } persisted)
        {
            persisted.CheckedTopics = image.Topics;
        }
    }

    /// <summary>The targets of the group's epoch, unless the last ones are too fresh.</summary>
    public void Retarget(ConsumerDraft draft)
    {
        ConsumerGroup group = draft.Group;
        long now = services.WallClockMs;
        if (group.Epoch <= group.TargetEpoch || !MayAssign(group, now))
        {
            return;
        }

        TopicsImage topics = services.Image().Topics;
        AssignmentInput.Member[] members = [.. group.Members.Values.Select(member => new AssignmentInput.Member(
            member.Id, member.InstanceId, TopicSubscriptions.Of(member, group, topics), group.TargetOf(member.Id)))];
        AssignmentInput input = new(members, new SortedDictionary<Uuid, int>(members
            .SelectMany(member => member.Topics).Distinct()
            .ToDictionary(topic => topic, topic => topics.ById[topic].Partitions.Count)));
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>> targets =
            group.Assignor(StandardAssignor) == "range"
                ? RangeAssignor.Assign(input)
                : UniformAssignor.Assign(input);
        foreach (string memberId in group.Members.Keys)
        {
            ImmutableSortedSet<TopicIdPartition> target = targets.GetValueOrDefault(memberId) ?? [];
            if (!group.HasTarget(memberId) || !group.TargetOf(memberId).SetEquals(target))
            {
                draft.Add(ConsumerRecords.Target(group.Id, memberId, target));
            }
        }

        draft.Add(ConsumerRecords.TargetEpoch(group.Id, group.Epoch, now));
    }

    /// <summary>A member's next step to its target.</summary>
    /// <param name="isSubscriptionNew">Whether the heartbeat changes what it subscribes to.</param>
    public ConsumerMember Reconcile(
        ConsumerDraft draft, ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, bool isSubscriptionNew)
    {
        ConsumerGroup group = draft.Group;
        if (!isSubscriptionNew && member.State == MemberState.Stable && member.Epoch == group.TargetEpoch)
        {
            return member;
        }

        return Reconciliation.Next(
            member, owned, group.TargetOf(member.Id), group.TargetEpoch,
            partition => !services.Planted.HasFlag(PlantedFaults.TwoOwners)
                && group.IsHeldByOther(partition, member.Id),
            TopicSubscriptions.Of(member, group, services.Image().Topics).ToHashSet(), isSubscriptionNew);
    }

    /// <summary>What each expression that somebody subscribes to matches now.</summary>
    private void Resolve(ConsumerDraft draft, MetadataImage image)
    {
        ConsumerGroup group = draft.Group;
        SortedSet<string> regexes = new(
            group.Members.Values.Select(member => member.Regex).Where(regex => regex.Length > 0),
            StringComparer.Ordinal);
        bool areNamesSame = ReferenceEquals(group.CheckedTopics?.ByName, image.Topics.ByName);
        foreach (string regex in regexes.Where(regex => !areNamesSame || !group.Regexes.ContainsKey(regex)))
        {
            ImmutableSortedSet<string> topics = TopicSubscriptions.Match(regex, image.Topics);
            if (group.Regexes.GetValueOrDefault(regex) is not { } known || !known.SetEquals(topics))
            {
                draft.Add(ConsumerRecords.Regex(
                    group.Id, regex, topics, image.Provenance.EndOffset, services.WallClockMs));
            }
        }

        foreach (string regex in group.Regexes.Keys.Where(regex => !regexes.Contains(regex)).ToArray())
        {
            draft.Add(ConsumerRecords.RegexTombstone(group.Id, regex));
        }
    }

    /// <summary>The first assignment of a group, and of one that has been empty, is made at once.</summary>
    private bool MayAssign(ConsumerGroup group, long now) => group.TargetTimestampMs == 0
        || now - group.TargetTimestampMs >= services.Configs.Int(group.Id, AssignmentInterval);
}
