using System.Collections.Immutable;
using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups.Classic;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups;

/// <summary>Groups with members from one protocol to the other (KIP-848).</summary>
internal static class GroupConversion
{
    /// <summary>Why a classic group may not become one of the consumer protocol, in Kafka's words; null when it may.
    /// </summary>
    public static string? WhyNoUpgrade(ClassicGroup group, GroupSettings settings)
    {
        string? reason = !settings.Migration.HasFlag(MigrationPolicy.Upgrade)
            ? "online upgrade is disabled"
            : group.ProtocolType != ClassicGroup.ConsumerType
                ? "the group does not use the consumer embedded protocol"
                : group.Count > settings.ConsumerMaxSize
                    ? "the group size exceeds the consumer group maximum size"
                    : null;
        return reason is null ? null : Refusal(group, reason);
    }

    /// <summary>The group and the records that make it of the classic one: its members keep what they have, in its
    /// generation.</summary>
    /// <param name="problem">Set when it cannot be.</param>
    public static ConsumerGroup? Upgrade(
        ClassicGroup classic, MetadataImage image, TopicHashes hashes, out IReadOnlyList<CoordinatorRecord> records,
        out string? problem)
    {
        List<ConsumerMember> members = [];
        records = [];
        foreach (ClassicMember member in classic.Members)
        {
            if (Upgrade(classic, member, image.Topics, out problem) is not { } upgraded)
            {
                return null;
            }

            members.Add(upgraded);
        }

        problem = null;
        ConsumerGroup group = new(classic.Id);
        List<CoordinatorRecord> made = [];
        Add([.. members.Select(member => ConsumerRecords.Member(group.Id, member))]);
        Add([ConsumerRecords.Epoch(
            group.Id, classic.Generation, hashes.Of(TopicSubscriptions.NamesOf(group), image))]);
        Add([.. members.Select(member => ConsumerRecords.Target(group.Id, member.Id, member.Assigned))]);
        Add([ConsumerRecords.TargetEpoch(group.Id, classic.Generation, 0)]);
        Add([.. members.Select(member => ConsumerRecords.Current(group.Id, member))]);
        records = [.. classic.Tombstones(), .. made];
        return group;

        void Add(IEnumerable<CoordinatorRecord> next)
        {
            foreach (CoordinatorRecord record in next)
            {
                made.Add(record);
                ConsumerRecords.Replay(group, record.Key, record.Value);
            }
        }
    }

    /// <summary>Whether the group becomes a classic one when these leave.</summary>
    public static bool MayDowngrade(
        ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, GroupSettings settings)
    {
        int left = group.Members.Count - leaving.Count;
        return left > 0 && group.IsClassicWithout(leaving) && left <= settings.MaxSize
            && settings.Migration.HasFlag(MigrationPolicy.Downgrade);
    }

    /// <summary>Whether the group becomes a classic one when a static member of the classic protocol takes the place of
    /// this one.</summary>
    public static bool MayDowngrade(ConsumerGroup group, ConsumerMember replaced, GroupSettings settings) =>
        !replaced.IsClassic && group.IsClassicWithout([replaced]) && group.Members.Count <= settings.MaxSize
        && settings.Migration.HasFlag(MigrationPolicy.Downgrade);

    /// <summary>The classic group of those who stay: its generation is the group's epoch, and everybody is assigned
    /// its target.</summary>
    /// <param name="needsRebalance">Everybody joins anew, and until then is assigned what it still reads: who upgrades
    /// the group before that must find it held.</param>
    public static ClassicGroup Downgrade(
        ConsumerGroup group, IReadOnlyCollection<ConsumerMember> leaving, bool needsRebalance, TopicsImage topics,
        long nowMs)
    {
        ClassicGroup classic = ClassicGroup.Stable(
            group.Id, group.Epoch,
            group.Members.Values.Where(member => leaving.All(left => left.Id != member.Id)).Select(Downgrade), nowMs);
        foreach (ClassicMember member in classic.Members)
        {
            ConsumerMember known = group.Members[member.Id];
            member.Assignment = ConsumerAssignments.Encode(
                needsRebalance ? known.Assigned.Union(known.PendingRevocation) : group.TargetOf(member.Id),
                member.MetadataFor(classic.ProtocolName), topics);
        }

        return classic;
    }

    private static ClassicMember Downgrade(ConsumerMember member) =>
        new(member.Id, member.InstanceId, member.ClientId, member.ClientHost)
        {
            ProtocolType = ClassicGroup.ConsumerType,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            SessionTimeoutMs = member.Classic!.SessionTimeoutMs,
            Protocols = member.Classic.Protocols,
        };

    private static ConsumerMember? Upgrade(
        ClassicGroup group, ClassicMember member, TopicsImage topics, out string? problem)
    {
        ReadOnlyMemory<byte> metadata =
            (member.Protocols.FirstOrDefault(protocol => protocol.Name == group.ProtocolName) ?? member.Protocols[0])
            .Metadata;
        if (ConsumerAssignments.Subscription(metadata) is not { } subscription
            || ConsumerAssignments.Assignment(member.Assignment) is not { } assignment)
        {
            problem = Refusal(group, "the embedded consumer protocol is malformed");
            return null;
        }

        if (assignment.UserData is { IsEmpty: false })
        {
            problem = Refusal(
                group, "an unsupported custom assignor is in use. Please refer to the documentation or switch to a "
                + "default assignor before re-attempting the upgrade");
            return null;
        }

        problem = null;
        ImmutableSortedSet<TopicIdPartition> assigned = ConsumerAssignments.Partitions(
            assignment.AssignedPartitions.Select(topic => (topic.Topic, topic.Partitions.AsEnumerable())), topics);
        return new ConsumerMember(member.Id)
        {
            InstanceId = member.InstanceId,
            RackId = string.IsNullOrEmpty(subscription.RackId) ? null : subscription.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            Topics = subscription.Topics.ToImmutableSortedSet(StringComparer.Ordinal),
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Epoch = group.Generation,
            PreviousEpoch = group.Generation,
            Classic = new ClassicMembership(member.SessionTimeoutMs, member.Protocols),
        }.WithPartitions(assigned, [], group.Generation);
    }

    private static string Refusal(ClassicGroup group, string reason) =>
        $"Cannot upgrade classic group {group.Id} to consumer group because {reason}.";
}
