using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;

namespace KRaftSharp.Client.Consumer;

/// <summary>The partitions that are read, and what went wrong with them.</summary>
internal sealed class Assignment(ClusterClient cluster, ConsumerOptions options)
{
    private readonly MetadataWants _metadata = new(cluster);
    private Dictionary<TopicPartition, PartitionState> _states = [];
    private KafkaException? _failure;

    public IReadOnlyCollection<TopicPartition> Partitions => _states.Keys;

    public IEnumerable<PartitionState> States => _states.Values;

    public PartitionState this[TopicPartition partition] =>
        _states.TryGetValue(partition, out PartitionState? state)
            ? state
            : throw new InvalidOperationException($"{partition} is not assigned");

    public PartitionState? Find(TopicPartition partition) => _states.GetValueOrDefault(partition);

    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        Dictionary<TopicPartition, PartitionState> states = [];
        foreach (TopicPartition partition in partitions)
        {
            states[partition] = _states.GetValueOrDefault(partition)
                ?? new PartitionState(partition) { AwaitsCommitted = options.GroupId is not null };
            cluster.AddInterest(partition.Topic);
            if (!cluster.View.Topics.ContainsKey(partition.Topic))
            {
                _metadata.Want();
            }
        }

        _states = states;
    }

    /// <summary>The leader of a partition; null while there is none, and metadata is asked for then.</summary>
    public PartitionView? LeaderOf(TopicPartition partition) => _metadata.LeaderOf(partition);

    /// <summary>Where a partition is read: at its leader, or at the follower that the leader has named (KIP-392).
    /// </summary>
    public int NodeToRead(PartitionState state, PartitionView leader, long nowMs) =>
        state.PreferredReplica >= 0 && nowMs < state.PreferredUntilMs
        && cluster.View.Brokers.ContainsKey(state.PreferredReplica)
            ? state.PreferredReplica
            : leader.LeaderId;

    /// <summary>Something passing: the partition is left alone for a while.</summary>
    public void BackOff(PartitionState state, long nowMs, bool isAboutMetadata)
    {
        state.Failures++;
        state.RetryAtMs = nowMs + (long)cluster.Chance.Backoff(
            options.RetryBackoff, options.RetryBackoffMax, state.Failures).TotalMilliseconds;
        if (isAboutMetadata)
        {
            _metadata.Want();
        }
    }

    public void WantRefresh() => _metadata.Want();

    /// <summary>Something that the caller must hear of, at the next poll.</summary>
    public void Fail(TopicPartition partition, ErrorCode error, string? message = null) =>
        _failure ??= new KafkaException(error, $"{partition}: {message ?? ErrorCodes.Message(error)}");

    public void ThrowFailure()
    {
        KafkaException? failure = _failure;
        _failure = null;
        if (failure is not null)
        {
            throw failure;
        }
    }

    public void RefreshIfWanted(long nowMs, Inbox inbox, ref long nextMs) =>
        _metadata.RefreshIfWanted(nowMs, inbox, ref nextMs);
}
