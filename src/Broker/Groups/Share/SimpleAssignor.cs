using System.Collections.Immutable;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Share;

/// <summary>
/// Kafka's assignor of share groups: partitions may have several members, and every member gets as many partitions as
/// the others, as far as that goes. What members have they keep where that is fair.
/// </summary>
internal static class SimpleAssignor
{
    public const string Name = "simple";

    /// <param name="members">In the order in which they are served.</param>
    /// <param name="assignable">The partitions of each topic that may be assigned.</param>
    public static Dictionary<string, ImmutableSortedSet<TopicIdPartition>> Assign(
        IReadOnlyList<AssignmentInput.Member> members, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> assignable)
    {
        Dictionary<string, SortedSet<TopicIdPartition>> assignment = members.ToDictionary(
            member => member.Id, _ => new SortedSet<TopicIdPartition>(), StringComparer.Ordinal);
        bool isHomogeneous = members.All(member => member.Topics.Count == members[0].Topics.Count
            && !member.Topics.Except(members[0].Topics).Any());
        Uuid[] topics = [.. members.SelectMany(member => member.Topics).Distinct()];
        if (isHomogeneous)
        {
            Spread(members, PartitionsOf(topics, assignable), new HashSet<Uuid>(topics), assignment);
        }
        else
        {
            foreach (Uuid topic in topics)
            {
                Spread(
                    [.. members.Where(member => member.Topics.Contains(topic))], PartitionsOf([topic], assignable),
                    new HashSet<Uuid> { topic }, assignment);
            }
        }

        return assignment.ToDictionary(
            member => member.Key, member => member.Value.ToImmutableSortedSet(), StringComparer.Ordinal);
    }

    private static List<TopicIdPartition> PartitionsOf(
        IEnumerable<Uuid> topics, IReadOnlyDictionary<Uuid, IReadOnlyList<int>> assignable) =>
        [.. topics.SelectMany(topic => (assignable.GetValueOrDefault(topic) ?? [])
            .Select(index => new TopicIdPartition(topic, index)))];

    /// <summary>Shares partitions out among members that all may have all of them.</summary>
    private static void Spread(
        IReadOnlyList<AssignmentInput.Member> members, List<TopicIdPartition> partitions, HashSet<Uuid> topics,
        Dictionary<string, SortedSet<TopicIdPartition>> assignment)
    {
        if (members.Count == 0)
        {
            return;
        }

        // So many members has each partition, and so many partitions each member.
        int sharing = partitions.Count == 0 ? 0 : (members.Count + partitions.Count - 1) / partitions.Count;
        int[] quotas = Quotas(sharing * partitions.Count, members.Count);
        Dictionary<TopicIdPartition, List<int>> holders = [];
        int[] counts = new int[members.Count];
        for (int i = 0; i < members.Count; i++)
        {
            TopicIdPartition[] had = [.. members[i].Target.Where(partition => topics.Contains(partition.TopicId))];
            counts[i] = Math.Min(had.Length, quotas[i]);
            foreach (TopicIdPartition partition in had[^counts[i]..])
            {
                Holders(holders, partition).Add(i);
            }
        }

        foreach (List<int> held in holders.Values)
        {
            while (held.Count > sharing)
            {
                counts[held[0]]--;
                held.RemoveAt(0);
            }
        }

        Fill(partitions, sharing, quotas, counts, holders);
        foreach ((TopicIdPartition partition, List<int> held) in holders)
        {
            foreach (int member in held)
            {
                assignment[members[member].Id].Add(partition);
            }
        }
    }

    private static void Fill(
        List<TopicIdPartition> partitions, int sharing, int[] quotas, int[] counts,
        Dictionary<TopicIdPartition, List<int>> holders)
    {
        LinkedList<int> unfilled = new(Enumerable.Range(0, quotas.Length).Where(i => counts[i] < quotas[i]));
        LinkedListNode<int>? next = unfilled.First;
        bool hasGiven = false;
        foreach (TopicIdPartition partition in partitions)
        {
            List<int> held = Holders(holders, partition);
            while (held.Count < sharing && (next is not null || hasGiven) && unfilled.Count > 0)
            {
                if (next is null)
                {
                    next = unfilled.First!;
                    hasGiven = false;
                }

                LinkedListNode<int> taken = next;
                next = next.Next;
                if (held.Contains(taken.Value))
                {
                    continue;
                }

                held.Add(taken.Value);
                hasGiven = true;
                if (++counts[taken.Value] == quotas[taken.Value])
                {
                    unfilled.Remove(taken);
                }
            }
        }
    }

    private static List<int> Holders(Dictionary<TopicIdPartition, List<int>> holders, TopicIdPartition partition)
    {
        if (!holders.TryGetValue(partition, out List<int>? held))
        {
            holders[partition] = held = [];
        }

        return held;
    }

    /// <summary>Equal parts of a total, rounded so that they add up to it.</summary>
    private static int[] Quotas(int total, int count)
    {
        int[] quotas = new int[count];
        for (int i = 0; i < count; i++)
        {
            quotas[i] = Ceiling(total, i + 1, count) - Ceiling(total, i, count);
        }

        return quotas;
    }

    private static int Ceiling(int total, int part, int count) => (int)((((long)total * part) + count - 1) / count);
}
