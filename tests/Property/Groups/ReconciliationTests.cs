using System.Collections.Immutable;
using FsCheck.Xunit;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>The Groups section of INVARIANTS.md on assignments and on the way to them.</summary>
public sealed class ReconciliationTests
{
    private static readonly Uuid[] Topics = [new Uuid(1, 1), new Uuid(2, 2), new Uuid(3, 3)];

    [Property(MaxTest = 300)]
    public void Assignment_OfAnyGroup_GivesEachPartitionToOneSubscriber((byte Topics, byte Owned)[] members, bool range)
    {
        AssignmentInput input = Input(members);
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>> assignment =
            range ? RangeAssignor.Assign(input) : UniformAssignor.Assign(input);

        TopicIdPartition[] given = [.. assignment.Values.SelectMany(partitions => partitions)];
        Assert.Equal(given.Length, given.Distinct().Count());
        Assert.Equal(input.PartitionCounts.Sum(topic => topic.Value), given.Length);
        Assert.All(input.Members, member => Assert.All(
            assignment.GetValueOrDefault(member.Id) ?? [],
            partition => Assert.Contains(partition.TopicId, member.Topics)));
    }

    /// <summary>In one epoch a partition has at most one owner, epochs only grow, and a group left alone converges.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Members_OverAnyHeartbeats_NeverShareAPartitionAndConverge((byte Who, byte What)[] story)
    {
        const int Count = 4;
        ConsumerMember[] members = [.. Enumerable.Range(0, Count).Select(i => new ConsumerMember($"m{i}"))];
        ImmutableSortedSet<TopicIdPartition>[] owned = [.. Enumerable.Repeat(
            ImmutableSortedSet<TopicIdPartition>.Empty, Count)];
        ImmutableSortedSet<TopicIdPartition>[] targets = [.. owned];
        int epoch = 1;
        foreach ((byte who, byte what) in story.Concat(
            Enumerable.Range(0, 8 * Count).Select(i => ((byte)(i % Count), (byte)0))))
        {
            if (what % 5 == 1)
            {
                epoch++;
                targets = Retarget(what, Count);
                continue;
            }

            int i = who % Count;
            int before = members[i].Epoch;
            members[i] = Reconciliation.Next(
                members[i], what % 5 == 2 ? null : owned[i], targets[i], epoch,
                partition => members.Any(other => other.Id != members[i].Id && other.Holds(partition)));
            Assert.True(members[i].Epoch >= before);
            owned[i] = members[i].Assigned.Union(
                what % 5 == 3 ? owned[i].Intersect(members[i].PendingRevocation) : []);
            TopicIdPartition[] all = [.. owned.SelectMany(partitions => partitions)];
            Assert.Equal(all.Length, all.Distinct().Count());
        }

        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(targets[i], owned[i]));
    }

    private static ImmutableSortedSet<TopicIdPartition>[] Retarget(byte seed, int count)
    {
        TopicIdPartition[] all = [.. Enumerable.Range(0, 6).Select(index => new TopicIdPartition(Topics[0], index))];
        return [.. Enumerable.Range(0, count).Select(
            member => all.Where(partition => ((partition.Partition * seed) + (seed >> 3)) % count == member)
                .ToImmutableSortedSet())];
    }

    private static AssignmentInput Input((byte Topics, byte Owned)[] members)
    {
        int[] counts = [4, 7, 1];
        HashSet<TopicIdPartition> taken = [];
        List<AssignmentInput.Member> made = [];
        for (int i = 0; i < members.Length; i++)
        {
            Uuid[] topics = [.. Topics.Where((_, bit) => (members[i].Topics >> bit & 1) == 1)];
            TopicIdPartition[] held = [.. Topics.SelectMany((topic, at) => Enumerable.Range(0, counts[at])
                    .Select(index => new TopicIdPartition(topic, index)))
                .Where(partition => (partition.Partition + members[i].Owned) % 3 == 0 && taken.Add(partition))];
            made.Add(new AssignmentInput.Member(
                $"m{i:D3}", members[i].Owned % 4 == 0 ? $"i{i}" : null, topics, [.. held]));
        }

        HashSet<Uuid> subscribed = [.. made.SelectMany(member => member.Topics)];
        return new AssignmentInput(made, Topics.Select((topic, at) => (topic, counts[at]))
            .Where(topic => subscribed.Contains(topic.topic)).ToDictionary(topic => topic.topic, topic => topic.Item2));
    }
}
