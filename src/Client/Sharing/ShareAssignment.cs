namespace KRaftSharp.Client.Sharing;

/// <summary>The partitions that the group has this member read, and which of them are to be left alone for a
/// while.</summary>
internal sealed class ShareAssignment
{
    private readonly Dictionary<TopicPartition, Pause> _pauses = [];

    public IReadOnlyCollection<TopicPartition> Partitions { get; private set; } = [];

    public void Assign(IReadOnlyCollection<TopicPartition> partitions)
    {
        Partitions = partitions;
        foreach (TopicPartition gone in _pauses.Keys.Except(partitions).ToList())
        {
            _pauses.Remove(gone);
        }
    }

    /// <summary>When it may be asked again; 0 at once.</summary>
    public long RetryAtMs(TopicPartition partition) => _pauses.GetValueOrDefault(partition)?.UntilMs ?? 0;

    public void Succeeded(TopicPartition partition) => _pauses.Remove(partition);

    /// <param name="partition">That failed.</param>
    /// <param name="backoffMs">From how often it has failed.</param>
    /// <param name="nowMs">On the runtime's clock.</param>
    public void Failed(TopicPartition partition, Func<int, long> backoffMs, long nowMs)
    {
        int failures = (_pauses.GetValueOrDefault(partition)?.Failures ?? 0) + 1;
        _pauses[partition] = new Pause(failures, nowMs + backoffMs(failures));
    }

    private sealed record Pause(int Failures, long UntilMs);
}
