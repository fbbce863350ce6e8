using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Admin.Calls;

/// <summary>Each partition to its leader.</summary>
internal sealed class LeaderRoute(ClusterClient cluster) : IRoute<TopicPartition>
{
    // A topic that was only just created may not be known to every broker yet.
    private const int MostUnknown = 3;

    private readonly HashSet<TopicPartition> _stale = [];
    private int _rounds;

    public async Task<RouteMap<TopicPartition>> FindAsync(IReadOnlyList<TopicPartition> keys)
    {
        _rounds++;
        if (keys.Any(key => _stale.Contains(key) || cluster.View.Find(key) is not { LeaderId: >= 0 }))
        {
            foreach (TopicPartition key in keys)
            {
                cluster.AddInterest(key.Topic);
            }

            await cluster.RefreshAsync();
            _stale.Clear();
        }

        RouteMap<TopicPartition> map = new();
        foreach (TopicPartition key in keys)
        {
            if (cluster.View.Find(key) is not { } partition)
            {
                map.Lost.Add(Unknown(key));
            }
            else if (cluster.View.Brokers.TryGetValue(partition.LeaderId, out BrokerNode? leader))
            {
                map.Add(leader.Address, key);
            }
            else
            {
                map.Lost.Add((key, ErrorCode.LeaderNotAvailable, $"{key} has no leader"));
            }
        }

        return map;
    }

    public void Forget(TopicPartition key) => _stale.Add(key);

    // Retriable for a few rounds; final afterwards, for a tool wants to hear of it.
    private (TopicPartition Key, ErrorCode Error, string Message) Unknown(TopicPartition key)
    {
        TopicView? topic = cluster.View.Topics.GetValueOrDefault(key.Topic);
        string message = topic is { Error: ErrorCode.None, Partitions.Count: > 0 }
            ? $"topic '{key.Topic}' has partitions 0 to {topic.Partitions.Count - 1}, not {key.Partition}"
            : $"topic '{key.Topic}' does not exist";
        return (key, _rounds < MostUnknown ? ErrorCode.LeaderNotAvailable : ErrorCode.UnknownTopicOrPartition, message);
    }
}
