using KRaftSharp.Client.Metadata;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>What the leader of a classic group assigned from: when a topic comes, goes or grows, the group has to
/// rebalance.</summary>
internal sealed class LeaderWatch
{
    private Dictionary<string, int> _counts = [];

    public void Begin(IEnumerable<string> topics, ClusterView view) =>
        _counts = topics.Distinct().ToDictionary(topic => topic, topic => CountOf(topic, view));

    public void End() => _counts = [];

    public bool HasChanged(ClusterView view) => _counts.Any(entry => CountOf(entry.Key, view) != entry.Value);

    private static int CountOf(string topic, ClusterView view) =>
        view.Topics.TryGetValue(topic, out TopicView? known) ? known.Partitions.Count : 0;
}
