using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Groups.Consumer;

/// <summary>The uniform assignment of members whose subscriptions differ.</summary>
internal sealed class UnevenAssignment
{
    private const int MostRounds = 16;

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

        Uuid[] topics = [.. _subscribers.Keys
            .OrderByDescending(topic => (double)_input.PartitionCounts[topic] / _subscribers[topic].Count)
            .ThenBy(topic => _subscribers[topic].Count).ThenBy(topic => topic)];
        foreach (Uuid topic in topics)
        {
            Fill(topic);
        }

        // Each move makes the loads more even; a move in one topic may allow others in another.
        bool hasMoved = true;
        for (int round = 0; round < MostRounds && hasMoved; round++)
        {
            hasMoved = false;
            foreach (Uuid topic in topics)
            {
                hasMoved |= Balance(topic);
            }
        }

        return _assigned.ToDictionary(
            member => member.Key, member => member.Value.ToImmutableSortedSet(), StringComparer.Ordinal);
    }

    /// <summary>Whoever has least gets the next partition; of equals, who had least before this topic.</summary>
    private void Fill(Uuid topic)
    {
        AssignmentInput.Member[] byLoad =
            [.. _subscribers[topic].OrderBy(member => _assigned[member.Id].Count)];
        for (int index = 0; index < _input.PartitionCounts[topic]; index++)
        {
            TopicIdPartition partition = new(topic, index);
            if (!_owners.ContainsKey(partition))
            {
                Give(partition, byLoad.MinBy(member => _assigned[member.Id].Count)!.Id);
            }
        }
    }

    /// <summary>Moves a topic's partitions from who has most to who has least; false when none had to move.</summary>
    private bool Balance(Uuid topic)
    {
        bool moved = false;
        while (true)
        {
            AssignmentInput.Member? most = _subscribers[topic].Where(member => Holds(member.Id, topic))
                .Reverse().MaxBy(member => _assigned[member.Id].Count);
            AssignmentInput.Member least = _subscribers[topic].MinBy(member => _assigned[member.Id].Count)!;
            if (most is null || _assigned[most.Id].Count <= _assigned[least.Id].Count + 1)
            {
                return moved;
            }

            TopicIdPartition given = _assigned[most.Id].Last(partition => partition.TopicId == topic);
            _assigned[most.Id].Remove(given);
            Give(given, least.Id);
            moved = true;
        }
    }

    private bool Holds(string memberId, Uuid topic) =>
        _assigned[memberId].GetViewBetween(new(topic, 0), new(topic, int.MaxValue)).Count > 0;

    private void Give(TopicIdPartition partition, string memberId)
    {
        _assigned[memberId].Add(partition);
        _owners[partition] = memberId;
    }
}
