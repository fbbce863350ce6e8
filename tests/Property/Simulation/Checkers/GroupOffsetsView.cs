using KRaftSharp.History;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Simulation.Checkers;

/// <summary>What groups have committed, by the records in the coordinators' logs alone.</summary>
internal sealed class GroupOffsetsView
{
    private readonly SortedDictionary<(string Group, PartitionId Partition), (long At, long Offset)> _committed = [];
    private readonly Dictionary<long, Dictionary<(string Group, PartitionId Partition), (long At, long Offset)>>
        _pending = [];

    public IEnumerable<(string Group, PartitionId Partition, long Offset)> All =>
        _committed.Select(entry => (entry.Key.Group, entry.Key.Partition, entry.Value.Offset));

    /// <summary>-1 for nothing.</summary>
    public long Of(string group, PartitionId partition) =>
        _committed.TryGetValue((group, partition), out var committed) ? committed.Offset : -1;

    public void Take(long at, OffsetCommitKey key, OffsetCommitValue? value, long? producerId)
    {
        (string, PartitionId) name = (key.Group, new PartitionId(key.Topic, key.Partition));
        if (producerId is { } producer && value is not null)
        {
            if (!_pending.TryGetValue(producer, out var mine))
            {
                _pending.Add(producer, mine = []);
            }

            mine[name] = (at, value.Offset);
        }
        else if (value is null)
        {
            _committed.Remove(name);
        }
        else
        {
            _committed[name] = (at, value.Offset);
        }
    }

    public void End(long producerId, bool isCommit)
    {
        if (_pending.Remove(producerId, out var ended) && isCommit)
        {
            foreach (var (name, written) in ended)
            {
                if (!_committed.TryGetValue(name, out var now) || now.At < written.At)
                {
                    _committed[name] = written;
                }
            }
        }
    }
}
