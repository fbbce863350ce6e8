using KRaftSharp.Client.Consumer;

namespace KRaftSharp.Client.Sharing;

/// <summary>The records that this member has acquired: those that lie ready, oldest first, and those that the
/// application has.</summary>
internal sealed class HeldRecords
{
    private readonly Dictionary<(TopicPartition Partition, long Offset), HeldRecord> _held = [];
    private readonly LinkedList<HeldRecord> _ready = [];
    private readonly List<HeldRecord> _delivered = [];

    public int ReadyCount => _ready.Count;

    /// <summary>What the application has had from polls and said nothing of.</summary>
    public IReadOnlyList<HeldRecord> Delivered => _delivered;

    public HeldRecord? Find(TopicPartition partition, long offset) => _held.GetValueOrDefault((partition, offset));

    /// <summary>Takes in an acquired record. What the application has is not handed out again; what lies ready is
    /// replaced.</summary>
    public void Acquire(SharedPartition partition, ConsumerRecord record, int nodeId, long lockedUntilMs)
    {
        var key = (partition.Name, record.Offset);
        if (_held.TryGetValue(key, out HeldRecord? held) && held.Partition == partition)
        {
            if (held.State == HeldState.Ready)
            {
                held.Record = record;
            }
        }
        else
        {
            if (held is not null)
            {
                Drop(held); // of a topic that was deleted
            }

            held = new HeldRecord(partition, record);
            _held.Add(key, held);
            _ready.AddLast(held);
        }

        (held.NodeId, held.LockedUntilMs) = (nodeId, lockedUntilMs);
    }

    /// <summary>The next records for the application; those whose lock has run out meanwhile are anybody's.</summary>
    public List<ConsumerRecord> Take(int mostRecords, long nowMs)
    {
        List<ConsumerRecord> taken = [];
        while (taken.Count < mostRecords && _ready.First is { } first)
        {
            _ready.RemoveFirst();
            HeldRecord held = first.Value;
            if (nowMs >= held.LockedUntilMs)
            {
                _held.Remove((held.Partition.Name, held.Record.Offset));
                continue;
            }

            held.State = HeldState.Delivered;
            _delivered.Add(held);
            taken.Add(held.Record);
        }

        return taken;
    }

    /// <summary>The application keeps it for longer.</summary>
    public void Renew(HeldRecord held)
    {
        _delivered.Remove(held);
        held.State = HeldState.Renewed;
    }

    /// <summary>It is done with.</summary>
    public void Drop(HeldRecord held)
    {
        if (_held.Remove((held.Partition.Name, held.Record.Offset)))
        {
            _ = held.State == HeldState.Ready ? _ready.Remove(held) : _delivered.Remove(held);
        }
    }

    /// <summary>Everything that was delivered is done with.</summary>
    public IReadOnlyList<HeldRecord> DropDelivered()
    {
        HeldRecord[] all = [.. _delivered];
        _delivered.Clear();
        foreach (HeldRecord held in all)
        {
            _held.Remove((held.Partition.Name, held.Record.Offset));
        }

        return all;
    }

    /// <summary>A broker has given its records to others: those that lie ready are not handed out.</summary>
    public void DropReady(int nodeId)
    {
        foreach (HeldRecord held in _ready.Where(held => held.NodeId == nodeId).ToList())
        {
            Drop(held);
        }
    }
}
