using KRaftSharp.Client;

namespace KRaftSharp.Cli.Partitions;

/// <summary>Spreads replicas evenly over brokers with few moves: what may stay stays.</summary>
/// <remarks>No broker gets more than its share; racks are mixed where there are enough; leaders are spread.</remarks>
internal sealed class ReassignmentPlanner
{
    private readonly IReadOnlyDictionary<int, string?> _racks;
    private readonly Dictionary<int, int> _replicas;
    private readonly Dictionary<int, int> _leaders;

    /// <param name="racks">The brokers that may hold replicas, with their racks.</param>
    public ReassignmentPlanner(IReadOnlyDictionary<int, string?> racks)
    {
        _racks = racks;
        _replicas = racks.Keys.ToDictionary(broker => broker, _ => 0);
        _leaders = racks.Keys.ToDictionary(broker => broker, _ => 0);
    }

    /// <param name="current">The replicas that each partition has.</param>
    /// <param name="replicationFactor">Null: as many as each has.</param>
    /// <exception cref="ArgumentException">There are fewer brokers than replicas.</exception>
    public Dictionary<TopicPartition, IReadOnlyList<int>> Plan(
        IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>> current, int? replicationFactor)
    {
        TopicPartition[] order = [.. current.Keys.OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(
            partition => partition.Partition)];
        int total = order.Sum(partition => replicationFactor ?? current[partition].Count);
        int share = (total + _racks.Count - 1) / _racks.Count;
        Dictionary<TopicPartition, List<int>> kept = [];
        foreach (TopicPartition partition in order)
        {
            int wanted = replicationFactor ?? current[partition].Count;
            if (wanted > _racks.Count)
            {
                throw new ArgumentException(
                    $"{partition} shall have {wanted} replicas, but {_racks.Count} brokers are named");
            }

            kept[partition] = [.. current[partition].Where(
                broker => _replicas.TryGetValue(broker, out int count) && count < share).Take(wanted)];
            kept[partition].ForEach(broker => _replicas[broker]++);
        }

        Dictionary<TopicPartition, IReadOnlyList<int>> plan = [];
        foreach (TopicPartition partition in order)
        {
            List<int> replicas = kept[partition];
            while (replicas.Count < (replicationFactor ?? current[partition].Count))
            {
                int added = Next(replicas);
                _replicas[added]++;
                replicas.Add(added);
            }

            plan[partition] = LeaderFirst(replicas, current[partition], order.Length);
        }

        return plan;
    }

    private int Next(List<int> replicas)
    {
        HashSet<string?> used = [.. replicas.Select(broker => _racks[broker])];
        return _racks.Keys.Where(broker => !replicas.Contains(broker))
            .OrderBy(broker => _racks[broker] is { } rack && used.Contains(rack) ? 1 : 0)
            .ThenBy(broker => _replicas[broker]).ThenBy(broker => broker).First();
    }

    // The leader that is stays, unless it leads its share already.
    private List<int> LeaderFirst(List<int> replicas, IReadOnlyList<int> current, int partitions)
    {
        int share = (partitions + _racks.Count - 1) / _racks.Count;
        int leader = current.Count > 0 && replicas.Contains(current[0]) && _leaders[current[0]] < share
            ? current[0]
            : replicas.OrderBy(broker => _leaders[broker]).ThenBy(broker => broker).First();
        _leaders[leader]++;
        return [leader, .. replicas.Where(broker => broker != leader)];
    }
}
