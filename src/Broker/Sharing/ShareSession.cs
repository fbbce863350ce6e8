using KRaftSharp.Broker.Groups.Consumer;

namespace KRaftSharp.Broker.Sharing;

/// <summary>What a member of a share group fetches from this broker, kept between its requests.</summary>
internal sealed class ShareSession
{
    public const int InitialEpoch = 0;
    public const int FinalEpoch = -1;

    // A session grows with its requests; this is beyond what any member is assigned.
    private const int MostPartitions = 100_000;

    private readonly LinkedList<Entry> _order = [];
    private readonly Dictionary<TopicIdPartition, LinkedListNode<Entry>> _partitions = [];

    public ShareSession(string memberId, long connectionId, IEnumerable<TopicIdPartition> partitions)
    {
        MemberId = memberId;
        ConnectionId = connectionId;
        foreach (TopicIdPartition partition in partitions)
        {
            Add(partition, isNew: false);
        }
    }

    public string MemberId { get; }

    public long ConnectionId { get; }

    /// <summary>That of the next request.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>Those that had records last come last.</summary>
    public IReadOnlyList<TopicIdPartition> Partitions => [.. _order.Select(entry => entry.Partition)];

    /// <summary>A request of this epoch has come.</summary>
    public void Proceed() => Epoch = Epoch == int.MaxValue ? 1 : Epoch + 1;

    public void Update(IEnumerable<TopicIdPartition> wanted, IEnumerable<TopicIdPartition> forgotten)
    {
        foreach (TopicIdPartition partition in wanted)
        {
            if (!_partitions.ContainsKey(partition))
            {
                Add(partition, isNew: true);
            }
        }

        foreach (TopicIdPartition partition in forgotten)
        {
            if (_partitions.Remove(partition, out LinkedListNode<Entry>? node))
            {
                _order.Remove(node);
            }
        }
    }

    /// <summary>Whether a partition's part belongs into an answer that only tells of changes.</summary>
    public bool MustAnswer(TopicIdPartition partition, bool hasRecords, bool hasError)
    {
        if (!_partitions.TryGetValue(partition, out LinkedListNode<Entry>? node))
        {
            return hasRecords || hasError;
        }

        bool mustAnswer = hasRecords || hasError || node.Value.IsOwed;
        node.Value.IsOwed = hasError;
        if (hasRecords)
        {
            _order.Remove(node);
            _order.AddLast(node);
        }

        return mustAnswer;
    }

    private void Add(TopicIdPartition partition, bool isNew)
    {
        if (!_partitions.ContainsKey(partition) && _partitions.Count < MostPartitions)
        {
            _partitions[partition] = _order.AddLast(new Entry(partition) { IsOwed = isNew });
        }
    }

    private sealed class Entry(TopicIdPartition partition)
    {
        public TopicIdPartition Partition => partition;

        /// <summary>Whether the next answer must tell of it, whatever there is to tell.</summary>
        public bool IsOwed { get; set; }
    }
}
