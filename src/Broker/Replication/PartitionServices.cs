using System.Collections.Concurrent;
using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Broker.Replication.Throttling;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log.Scheduling;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>What all partitions of a node share.</summary>
internal sealed class PartitionServices
{
    private readonly ConcurrentDictionary<int, FollowerGate> _followers = new();
    private readonly ConcurrentDictionary<string, TopicTraffic> _traffic = new(StringComparer.Ordinal);

    public required ReplicationOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required IReplicaEligibility Eligibility { get; init; }

    public required ILogger Logger { get; init; }

    public required AlterPartitionSender IsrChanges { get; init; }

    public required IFollowedPartitions Fetchers { get; init; }

    /// <summary>What followers may be sent.</summary>
    public required ReplicationThrottle Throttle { get; init; }

    /// <summary>The disk failed or an invariant broke.</summary>
    public required Action<Exception> Fault { get; init; }

    /// <summary>The traffic of every topic that has had a partition here. Any thread.</summary>
    public IEnumerable<TopicTraffic> Traffic => _traffic.Values;

    public long NowMs => Time.MonotonicMs();

    /// <summary>Where the fetches of one follower park; every partition that it replicates signals there.</summary>
    public FollowerGate FollowerGate(int brokerId) => _followers.GetOrAdd(brokerId, static _ => new FollowerGate());

    /// <summary>The counters of a topic, which its partitions on this node share.</summary>
    public TopicTraffic TrafficOf(string topic) => _traffic.GetOrAdd(topic, static name => new TopicTraffic(name));

    /// <summary>The topic has been deleted.</summary>
    public void ForgetTraffic(string topic) => _traffic.TryRemove(topic, out _);
}
