using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Groups;

namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>The Groups section of INVARIANTS.md, from the coordinators' committed records.</summary>
internal sealed class GroupLogChecker(Violations violations, Func<Uuid, string> nameOf)
{
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ModernGroup> _modern = new(StringComparer.Ordinal);

    public GroupOffsetsView Offsets { get; } = new();

    /// <summary>A committed record, in the order of the log.</summary>
    public void Take(long offset, ICoordinatorRecord key, ICoordinatorRecord? value, long? producerId)
    {
        switch (key)
        {
            case OffsetCommitKey commit:
                Offsets.Take(offset, commit, (OffsetCommitValue?)value, producerId);
                break;
            case GroupMetadataKey { Group: var id }:
                TakeClassic(id, (GroupMetadataValue?)value);
                break;
            case ConsumerGroupMetadataKey { GroupId: var id }:
                TakeEpoch(id, (ConsumerGroupMetadataValue?)value);
                break;
            case ConsumerGroupMemberMetadataKey { GroupId: var id, MemberId: var member }:
                Modern(id).Subscriptions[member] = (ConsumerGroupMemberMetadataValue?)value;
                break;
            case ConsumerGroupCurrentMemberAssignmentKey { GroupId: var id, MemberId: var member }:
                TakeMember(id, member, (ConsumerGroupCurrentMemberAssignmentValue?)value);
                break;
        }
    }

    /// <summary>All records of a batch have been taken: they count together.</summary>
    public void EndBatch()
    {
        foreach ((string id, ModernGroup group) in _modern)
        {
            if (group.IsChanged)
            {
                group.IsChanged = false;
                CheckOwners(id, group);
            }
        }
    }

    private void TakeClassic(string id, GroupMetadataValue? value)
    {
        if (value is null)
        {
            _generations.Remove(id);
            return;
        }

        int before = _generations.GetValueOrDefault(id, -1);
        violations.Require(
            value.Generation >= before, "a group's generation only grows",
            () => $"{id}: {value.Generation} after {before}");
        _generations[id] = value.Generation;
        var owners = new Dictionary<PartitionId, string>();
        foreach (GroupMetadataValue.MemberMetadata member in value.Members)
        {
            IReadOnlyList<string> topics = MemberAssignments.SubscriptionOf(member.Subscription);
            foreach (PartitionId partition in MemberAssignments.Decode(member.Assignment))
            {
                CheckOwner(id, value.Generation, owners, partition, member.MemberId);
                violations.Require(
                    topics.Contains(partition.Topic), "every assignment is of subscribed topics",
                    () => $"{id}: {member.MemberId} has {partition}");
            }
        }
    }

    private void TakeEpoch(string id, ConsumerGroupMetadataValue? value)
    {
        if (value is null)
        {
            _modern.Remove(id);
            return;
        }

        ModernGroup group = Modern(id);
        violations.Require(
            value.Epoch >= group.Epoch, "a group's epoch only grows", () => $"{id}: {value.Epoch} after {group.Epoch}");
        group.Epoch = value.Epoch;
    }

    private void TakeMember(string id, string member, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        ModernGroup group = Modern(id);
        group.IsChanged = true;
        if (value is null)
        {
            group.Members.Remove(member);
            return;
        }

        if (group.Members.TryGetValue(member, out ConsumerGroupCurrentMemberAssignmentValue? before))
        {
            // A static member that is away for a while has -2, one that is back begins at 0.
            violations.Require(
                value.MemberEpoch >= before.MemberEpoch || value.MemberEpoch <= 0, "a member's epoch only grows",
                () => $"{id} {member}: {value.MemberEpoch} after {before.MemberEpoch}");
        }

        group.Members[member] = value;
    }

    private void CheckOwners(string id, ModernGroup group)
    {
        var owners = new Dictionary<PartitionId, string>();
        foreach ((string member, ConsumerGroupCurrentMemberAssignmentValue value) in group.Members)
        {
            ConsumerGroupMemberMetadataValue? subscription = group.Subscriptions.GetValueOrDefault(member);
            foreach (PartitionId partition in value.AssignedPartitions.Concat(value.PartitionsPendingRevocation)
                .SelectMany(topic => topic.Partitions.Select(index => new PartitionId(nameOf(topic.TopicId), index))))
            {
                CheckOwner(id, group.Epoch, owners, partition, member);
                violations.Require(
                    subscription is not null && (subscription.SubscribedTopicNames.Contains(partition.Topic)
                        || subscription.SubscribedTopicRegex is { Length: > 0 }),
                    "every assignment is of subscribed topics to live members",
                    () => $"{id}: {member} in state {value.State}, epoch {value.MemberEpoch} has {partition}, wants "
                        + (subscription is null ? "nothing: it is no member"
                            : $"{string.Join(' ', subscription.SubscribedTopicNames)} "
                                + subscription.SubscribedTopicRegex));
            }
        }
    }

    private void CheckOwner(
        string id, int generation, Dictionary<PartitionId, string> owners, PartitionId partition, string member)
    {
        bool isFirst = owners.TryAdd(partition, member);
        violations.Require(
            isFirst, "in one generation (or member epoch) a partition has at most one owner",
            () => $"{id}, {generation}: {partition} belongs to {owners[partition]} and {member}");
    }

    private ModernGroup Modern(string id)
    {
        if (!_modern.TryGetValue(id, out ModernGroup? group))
        {
            _modern.Add(id, group = new ModernGroup());
        }

        return group;
    }

    /// <summary>A group of the consumer protocol.</summary>
    private sealed class ModernGroup
    {
        public int Epoch { get; set; }

        public bool IsChanged { get; set; }

        public SortedDictionary<string, ConsumerGroupCurrentMemberAssignmentValue> Members { get; } =
            new(StringComparer.Ordinal);

        public Dictionary<string, ConsumerGroupMemberMetadataValue?> Subscriptions { get; } =
            new(StringComparer.Ordinal);
    }
}
