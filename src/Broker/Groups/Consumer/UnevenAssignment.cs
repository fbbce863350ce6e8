using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The uniform assignment of members whose subscriptions differ.</summary>
internal sealed class UnevenAssignment
{
    private readonly AssignmentInput _input;
    private readonly Dictionary<Uuid, List<AssignmentInput.Member>> _subscribers = [];
    private readonly Dictionary<string, SortedSet<TopicIdPartition>> _assigned = new(StringComparer.Ordinal);
    private readonly Dictionary<TopicIdPartition, string> _owners = [];

    public UnevenAssignment(AssignmentInput input)
    {
        _input = input;
        foreach (AssignmentInput.Member member in input.Members)
        {
            _assigned[member.Id] = [];
            foreach (Uuid topic in member.Topics)
            {
                if (!_subscribers.TryGetValue(topic, out List<AssignmentInput.Member>? subscribers))
                {
                    _subscribers[topic] = subscribers = [];
                }

                subscribers.Add(member);
            }
        }
    }

    public Dictionary<string, ImmutableSortedSet<TopicIdPartition>> Build()
    {
        foreach (AssignmentInput.Member member in _input.Members)
        {
            foreach (TopicIdPartition partition in member.Target)
            {
                if (member.Topics.Contains(partition.TopicId)
                    && partition.Partition < _input.PartitionCounts[partition.TopicId]
                    && !_owners.ContainsKey(partition))
                {
                    Give(partition, member.Id);
                }
            }
        }

        TopicIdPartition[] all = [.. _subscribers.Keys.SelectMany(topic => Enumerable
                .Range(0, _input.PartitionCounts[topic]).Select(index => new TopicIdPartition(topic, index)))
            .OrderByDescending(partition =>
                (double)_input.PartitionCounts[partition.TopicId] / _subscribers[partition.TopicId].Count)
            .ThenBy(partition => _subscribers[partition.TopicId].Count)
            .ThenBy(partition => partition.Partition)];
        foreach (TopicIdPartition partition in all)
        {
            if (!_owners.ContainsKey(partition))
            {
                Give(partition, LeastLoaded(partition.TopicId));
            }
        }

        while (Balance(all))
        {
            // A move makes the sum of squares of the loads smaller: it ends.
        }

        return _assigned.ToDictionary(
            member => member.Key, member => member.Value.ToImmutableSortedSet(), StringComparer.Ordinal);
    }

    private bool Balance(TopicIdPartition[] all)
    {
        bool moved = false;
        foreach (TopicIdPartition partition in all)
        {
            string owner = _owners[partition];
            string other = LeastLoaded(partition.TopicId);
            if (_assigned[owner].Count > _assigned[other].Count + 1)
            {
                _assigned[owner].Remove(partition);
                Give(partition, other);
                moved = true;
            }
        }

        return moved;
    }

    private string LeastLoaded(Uuid topic) => _subscribers[topic]
        .OrderBy(member => _assigned[member.Id].Count).ThenBy(member => member.Id, StringComparer.Ordinal).First().Id;

    private void Give(TopicIdPartition partition, string memberId)
    {
        _assigned[memberId].Add(partition);
        _owners[partition] = memberId;
    }
}
