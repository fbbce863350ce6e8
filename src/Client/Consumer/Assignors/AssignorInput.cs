namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>What an assignor knows.</summary>
/// <param name="Members">All members of the group, each id once.</param>
/// <param name="Topics">For each topic that exists the racks of its partitions' replicas: an entry a partition, empty
/// where
/// racks are unknown.</param>
public sealed record AssignorInput(
    IReadOnlyList<AssignorMember> Members,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyCollection<string>>> Topics)
{
    /// <summary>An empty list for each member.</summary>
    internal Dictionary<string, List<TopicPartition>> NothingAssigned() =>
        Members.ToDictionary(member => member.Id, _ => new List<TopicPartition>());

    /// <summary>Topics that somebody subscribed to and that exist, in their order, with the number of
    /// partitions.</summary>
    internal SortedDictionary<string, int> SubscribedTopics()
    {
        SortedDictionary<string, int> topics = new(StringComparer.Ordinal);
        foreach (string topic in Members.SelectMany(member => member.Topics))
        {
            if (Topics.TryGetValue(topic, out IReadOnlyList<IReadOnlyCollection<string>>? partitions)
                && partitions.Count > 0)
            {
                topics[topic] = partitions.Count;
            }
        }

        return topics;
    }

    /// <summary>Static members by their instance, then the others by their id: an order that a restart keeps.</summary>
    internal static IEnumerable<AssignorMember> InOrder(IEnumerable<AssignorMember> members) => members
        .OrderBy(member => member.InstanceId is null)
        .ThenBy(member => member.InstanceId ?? member.Id, StringComparer.Ordinal);
}
