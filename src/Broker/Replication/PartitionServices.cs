using System.Collections.Concurrent;
using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log.Scheduling;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Replication;

/// <summary>What all partitions of a node share.</summary>
internal sealed class PartitionServices
{
    private readonly ConcurrentDictionary<int, FollowerGate> _followers = new();

    public required ReplicationOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required IReplicaEligibility Eligibility { get; init; }

    public required ILogger Logger { get; init; }

    public required AlterPartitionSender IsrChanges { get; init; }

    public required IFollowedPartitions Fetchers { get; init; }

    /// <summary>The disk failed or an invariant broke.</summary>
    public required Action<Exception> Fault { get; init; }

    public long NowMs => Time.MonotonicMs();

    /// <summary>Where the fetches of one follower park; every partition that it replicates signals there.</summary>
    public FollowerGate FollowerGate(int brokerId) => _followers.GetOrAdd(brokerId, static _ => new FollowerGate());
}
