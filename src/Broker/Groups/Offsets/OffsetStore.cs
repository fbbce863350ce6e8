using KRaftSharp.Broker.Coordination;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Groups.Offsets;

/// <summary>The offsets of one shard's groups, and those of transactions that are still open. Changed by replay only.
/// </summary>
internal sealed class OffsetStore
{
    private readonly SortedDictionary<string, SortedDictionary<TopicPartition, CommittedOffset>> _groups =
        new(StringComparer.Ordinal);

    private readonly SortedDictionary<long, Dictionary<(string Group, TopicPartition Partition), CommittedOffset>>
        _pending = [];

    private readonly Dictionary<(string Group, TopicPartition Partition), SortedSet<long>> _writers = [];
    private readonly Dictionary<string, int> _pendingCounts = new(StringComparer.Ordinal);

    /// <summary>The groups that have committed something, in order.</summary>
    public IReadOnlyCollection<string> Groups => _groups.Keys;

    /// <summary>In the order of partitions.</summary>
    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Of(string groupId) =>
        _groups.GetValueOrDefault(groupId) ?? [];

    public CommittedOffset? Get(string groupId, TopicPartition partition) =>
        _groups.TryGetValue(groupId, out SortedDictionary<TopicPartition, CommittedOffset>? offsets)
            ? offsets.GetValueOrDefault(partition)
            : null;

    /// <summary>Whether an open transaction may change this offset.</summary>
    public bool IsPending(string groupId, TopicPartition partition) => _writers.ContainsKey((groupId, partition));

    public bool HasPending(string groupId) => _pendingCounts.ContainsKey(groupId);

    public void Replay(string groupId, TopicPartition partition, CommittedOffset? offset, ProducerStamp? producer)
    {
        if (offset is null)
        {
            Set(groupId, partition, null);
            ForgetPending(groupId, partition);
            return;
        }

        if (producer is not { } stamp)
        {
            Set(groupId, partition, offset);
            return;
        }

        if (!_pending.TryGetValue(stamp.ProducerId, out var writes))
        {
            _pending[stamp.ProducerId] = writes = [];
        }

        writes[(groupId, partition)] = offset;
        if (!_writers.TryGetValue((groupId, partition), out SortedSet<long>? writers))
        {
            _writers[(groupId, partition)] = writers = [];
            _pendingCounts[groupId] = _pendingCounts.GetValueOrDefault(groupId) + 1;
        }

        writers.Add(stamp.ProducerId);
    }

    /// <summary>The groups whose offsets were changed.</summary>
    public IReadOnlyList<string> End(ProducerStamp producer, bool isCommit)
    {
        if (!_pending.Remove(producer.ProducerId, out var writes))
        {
            return [];
        }

        List<string> changed = [];
        foreach (((string group, TopicPartition partition), CommittedOffset offset) in writes)
        {
            if (_writers.TryGetValue((group, partition), out SortedSet<long>? writers)
                && writers.Remove(producer.ProducerId) && writers.Count == 0)
            {
                NoWritersLeft(group, partition);
            }

            if (isCommit && (Get(group, partition) is not { } now || now.LogOffset < offset.LogOffset))
            {
                Set(group, partition, offset);
                changed.Add(group);
            }
        }

        return changed;
    }

    public static CoordinatorRecord Record(string groupId, TopicPartition partition, OffsetCommitValue value) =>
        new(Key(groupId, partition), value, value.ExpireTimestamp >= 0 ? WithExpiry : Current);

    public static CoordinatorRecord Tombstone(string groupId, TopicPartition partition) =>
        CoordinatorRecord.Tombstone(Key(groupId, partition));

    /// <summary>The tombstones of all that a group has committed, open transactions included.</summary>
    public IEnumerable<CoordinatorRecord> Tombstones(string groupId) =>
        Of(groupId).Keys.Concat(_writers.Keys.Where(key => key.Group == groupId).Select(key => key.Partition))
            .Distinct().Order().Select(partition => Tombstone(groupId, partition));

    /// <summary>The tombstones of what was committed for a topic that is deleted, open transactions included.</summary>
    public IEnumerable<CoordinatorRecord> TombstonesOf(string topic, Uuid topicId)
    {
        IEnumerable<(string Group, TopicPartition Partition)> committed = _groups.SelectMany(group => group.Value
            .Where(offset => offset.Key.Topic == topic && offset.Value.IsOf(topicId))
            .Select(offset => (group.Key, offset.Key)));
        IEnumerable<(string Group, TopicPartition Partition)> pending = _pending.Values.SelectMany(writes => writes
            .Where(write => write.Key.Partition.Topic == topic && write.Value.IsOf(topicId))
            .Select(write => write.Key));
        return committed.Concat(pending).Distinct().Select(key => Tombstone(key.Group, key.Partition));
    }

    /// <summary>The tombstones of what was committed for topics of which <paramref name="exists"/> does not know.
    /// </summary>
    public IEnumerable<CoordinatorRecord> TombstonesWithout(Func<Uuid, bool> exists) => _groups.SelectMany(
        group => group.Value.Where(offset => offset.Value.TopicId != default && !exists(offset.Value.TopicId))
            .Select(offset => Tombstone(group.Key, offset.Key)));

    private const short WithExpiry = 1;
    private const short Current = 4;

    private static OffsetCommitKey Key(string groupId, TopicPartition partition) =>
        new() { Group = groupId, Topic = partition.Topic, Partition = partition.Partition };

    private void Set(string groupId, TopicPartition partition, CommittedOffset? offset)
    {
        if (!_groups.TryGetValue(groupId, out SortedDictionary<TopicPartition, CommittedOffset>? offsets))
        {
            if (offset is null)
            {
                return;
            }

            _groups[groupId] = offsets = [];
        }

        if (offset is not null)
        {
            offsets[partition] = offset;
        }
        else if (offsets.Remove(partition) && offsets.Count == 0)
        {
            _groups.Remove(groupId);
        }
    }

    private void ForgetPending(string groupId, TopicPartition partition)
    {
        if (!_writers.TryGetValue((groupId, partition), out SortedSet<long>? writers))
        {
            return;
        }

        foreach (long producerId in writers)
        {
            _pending[producerId].Remove((groupId, partition));
        }

        NoWritersLeft(groupId, partition);
    }

    private void NoWritersLeft(string groupId, TopicPartition partition)
    {
        _writers.Remove((groupId, partition));
        if (--_pendingCounts[groupId] == 0)
        {
            _pendingCounts.Remove(groupId);
        }
    }
}
