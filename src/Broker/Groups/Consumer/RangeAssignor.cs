using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>
/// Each topic's partitions in consecutive ranges over its members: static ones first, by instance, then the others by
/// id. Members of the same topics get the same numbers of each.
/// </summary>
internal static class RangeAssignor
{
    public static Dictionary<string, ImmutableSortedSet<TopicIdPartition>> Assign(AssignmentInput input)
    {
        AssignmentInput.Member[] members = [.. input.Members
            .OrderBy(member => member.InstanceId is null)
            .ThenBy(member => member.InstanceId ?? member.Id, StringComparer.Ordinal)];
        Dictionary<string, ImmutableSortedSet<TopicIdPartition>.Builder> assignment = members.ToDictionary(
            member => member.Id, _ => ImmutableSortedSet.CreateBuilder<TopicIdPartition>(), StringComparer.Ordinal);
        foreach ((Uuid topic, int partitions) in input.PartitionCounts)
        {
            AssignmentInput.Member[] subscribed = [.. members.Where(member => member.Topics.Contains(topic))];
            int next = 0;
            for (int i = 0; i < subscribed.Length; i++)
            {
                int count = (partitions / subscribed.Length) + (i < partitions % subscribed.Length ? 1 : 0);
                for (; count > 0; count--)
                {
                    assignment[subscribed[i].Id].Add(new TopicIdPartition(topic, next++));
                }
            }
        }

        return assignment.ToDictionary(
            member => member.Key, member => member.Value.ToImmutable(), StringComparer.Ordinal);
    }
}
