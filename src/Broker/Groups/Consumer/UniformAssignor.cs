using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>As even as the subscriptions allow, and within that as much as possible stays where it is.</summary>
internal static class UniformAssignor
{
    public static Dictionary<string, ImmutableSortedSet<TopicIdPartition>> Assign(AssignmentInput input) =>
        input.Members.Count == 0 ? new(StringComparer.Ordinal)
        : input.IsHomogeneous ? AssignHomogeneous(input)
        : new UnevenAssignment(input).Build();

    /// <summary>Everybody may have everything: quotas that differ by one. Who has more already
    /// may keep it; what larger quotas are left go to the last of the others.</summary>
    private static Dictionary<string, ImmutableSortedSet<TopicIdPartition>> AssignHomogeneous(AssignmentInput input)
    {
        IReadOnlyList<Uuid> topics = input.Members[0].Topics;
        HashSet<TopicIdPartition> owned = [.. input.Members.SelectMany(member => member.Target)];
        List<TopicIdPartition> open = [];
        int total = 0;
        foreach (Uuid topic in topics)
        {
            int count = input.PartitionCounts[topic];
            total += count;
            open.AddRange(Enumerable.Range(0, count).Select(index => new TopicIdPartition(topic, index))
                .Where(partition => !owned.Contains(partition)));
        }

        int quota = total / input.Members.Count;
        int larger = total % input.Members.Count;
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>> assignment = new(StringComparer.Ordinal);
        List<string> others = [];
        foreach (AssignmentInput.Member member in input.Members)
        {
            int room = quota + (larger > 0 ? 1 : 0);
            assignment[member.Id] = Keep(member, topics, input.PartitionCounts, open, room);
            if (assignment[member.Id].Count > quota)
            {
                larger--;
            }
            else
            {
                others.Add(member.Id);
            }
        }

        int next = 0;
        for (int i = 0; i < others.Count; i++)
        {
            int wanted = quota + (others.Count - i <= larger ? 1 : 0) - assignment[others[i]].Count;
            assignment[others[i]] = assignment[others[i]].Union(open.Skip(next).Take(wanted));
            next += wanted;
        }

        return assignment;
    }

    private static ImmutableSortedSet<TopicIdPartition> Keep(
        AssignmentInput.Member member, IReadOnlyList<Uuid> topics, IReadOnlyDictionary<Uuid, int> counts,
        List<TopicIdPartition> open, int room)
    {
        ImmutableSortedSet<TopicIdPartition>.Builder kept = ImmutableSortedSet.CreateBuilder<TopicIdPartition>();
        foreach (TopicIdPartition partition in member.Target)
        {
            if (!topics.Contains(partition.TopicId) || partition.Partition >= counts[partition.TopicId])
            {
                continue;
            }

            if (room > 0)
            {
                room--;
                kept.Add(partition);
            }
            else
            {
                open.Add(partition);
            }
        }

        return kept.ToImmutable();
    }
}
