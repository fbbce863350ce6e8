using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>What changed in one topic that exists after the change.</summary>
public sealed class TopicDelta(TopicImage? before)
{
    private readonly SortedDictionary<int, PartitionChange> _partitions = [];

    /// <summary>Null for a new topic.</summary>
    public TopicImage? Before => before;

    public TopicImage After { get; internal set; } = null!;

    public Uuid Id => After.Id;

    public string Name => After.Name;

    public bool IsNew => before is null;

    /// <summary>The partitions that changed, in order.</summary>
    public IReadOnlyDictionary<int, PartitionChange> Partitions => _partitions;

    internal void Set(int partition, PartitionRegistration after)
    {
        PartitionRegistration? earlier = before?.Partitions.GetValueOrDefault(partition);
        _partitions[partition] = new PartitionChange(earlier, after);
    }
}
