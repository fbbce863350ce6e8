using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Replication.Sessions;

/// <summary>
/// The leader's end of an incremental fetch session (KIP-227): the partitions a client asked for, in the order in which
/// they are served next.
/// </summary>
/// <remarks>
/// One request at a time holds it, from <see cref="TryEnter"/> until its answer is made. Who was answered with
/// records goes to the end of the order, so that no partition starves under the size limits.
/// </remarks>
internal sealed class FetchSession(int id, bool isFollower, bool usesTopicIds)
{
    private readonly Dictionary<FetchKey, LinkedListNode<FetchEntry>> _byKey = [];
    private readonly LinkedList<FetchEntry> _order = [];
    private int _held;
    private long _lastUsedMs;

    public int Id => id;

    public bool IsFollower => isFollower;

    public bool UsesTopicIds => usesTopicIds;

    /// <summary>What the next request must carry.</summary>
    public int Epoch { get; private set; } = 1;

    public int Count => _byKey.Count;

    /// <summary>Any thread.</summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    public bool TryEnter(long nowMs)
    {
        Volatile.Write(ref _lastUsedMs, nowMs);
        return Interlocked.Exchange(ref _held, 1) == 0;
    }

    public void Leave() => Volatile.Write(ref _held, 0);

    public void Add(FetchEntry entry) => _byKey[entry.Key] = _order.AddLast(entry);

    /// <summary>Takes in what an incremental request adds, changes and forgets.</summary>
    public void Update(FetchRequest request)
    {
        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            foreach (FetchRequest.FetchPartition asked in topic.Partitions)
            {
                FetchKey key = KeyOf(topic.Topic, topic.TopicId, asked.Partition);
                if (!_byKey.TryGetValue(key, out LinkedListNode<FetchEntry>? node))
                {
                    node = _order.AddLast(new FetchEntry(key));
                    _byKey.Add(key, node);
                }

                node.Value.Update(asked);
            }
        }

        foreach (FetchRequest.ForgottenTopic topic in request.ForgottenTopicsData)
        {
            foreach (int partition in topic.Partitions)
            {
                if (_byKey.Remove(KeyOf(topic.Topic, topic.TopicId, partition), out LinkedListNode<FetchEntry>? node))
                {
                    _order.Remove(node);
                }
            }
        }
    }

    public void Advance() => Epoch = Epoch == int.MaxValue ? 1 : Epoch + 1;

    public List<FetchEntry> InOrder() => [.. _order];

    public void MoveToEnd(FetchEntry entry)
    {
        if (_byKey.TryGetValue(entry.Key, out LinkedListNode<FetchEntry>? node))
        {
            _order.Remove(node);
            _order.AddLast(node);
        }
    }

    public static FetchKey KeyOf(bool usesTopicIds, string name, Uuid topicId, int partition) =>
        usesTopicIds ? new FetchKey(null, topicId, partition) : new FetchKey(name, Uuid.Zero, partition);

    private FetchKey KeyOf(string name, Uuid topicId, int partition) =>
        KeyOf(usesTopicIds, name, topicId, partition);
}
