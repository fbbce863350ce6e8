namespace KRaftSharp.Client.Consumer.Assignors;

/// <summary>The moves of one assignment, so that a partition of a topic does not go one way while another of the same
/// topic goes the other.</summary>
internal sealed class StickyMoves
{
    private readonly Dictionary<TopicPartition, (string From, string To)> _moves = [];
    private readonly Dictionary<(string Topic, string From, string To), SortedSet<int>> _byPair = [];

    public void Add(TopicPartition partition, string from, string to)
    {
        if (_moves.Remove(partition, out (string From, string To) earlier))
        {
            SortedSet<int> moved = _byPair[(partition.Topic, earlier.From, earlier.To)];
            moved.Remove(partition.Partition);
            if (moved.Count == 0)
            {
                _byPair.Remove((partition.Topic, earlier.From, earlier.To));
            }

            from = earlier.From;
        }

        if (from != to)
        {
            _moves[partition] = (from, to);
            if (!_byPair.TryGetValue((partition.Topic, from, to), out SortedSet<int>? partitions))
            {
                _byPair[(partition.Topic, from, to)] = partitions = [];
            }

            partitions.Add(partition.Partition);
        }
    }

    /// <summary>The partition to move instead: one that came the opposite way goes back, if there is one.</summary>
    public TopicPartition BetterThan(TopicPartition partition, string from, string to)
    {
        if (_moves.TryGetValue(partition, out (string From, string To) earlier))
        {
            from = earlier.From;
        }

        return _byPair.TryGetValue((partition.Topic, to, from), out SortedSet<int>? back)
            ? partition with { Partition = back.Min }
            : partition;
    }
}
