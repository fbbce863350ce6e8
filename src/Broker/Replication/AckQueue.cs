using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>Appends of one partition that wait for the high watermark, by the offset they need. Strand-owned.</summary>
internal sealed class AckQueue
{
    private readonly List<PartitionAppend> _waiting = [];
    private int _head;

    public int Count => _waiting.Count - _head;

    public void Add(PartitionAppend append)
    {
        int at = _waiting.Count;
        while (at > _head && _waiting[at - 1].RequiredOffset > append.RequiredOffset)
        {
            at--;
        }

        _waiting.Insert(at, append);
    }

    /// <summary>Settles everything that needs no more than <paramref name="highWatermark"/>.</summary>
    public void Release(long highWatermark, ErrorCode outcome, WakeList wakes)
    {
        while (_head < _waiting.Count && _waiting[_head].RequiredOffset <= highWatermark)
        {
            PartitionAppend append = _waiting[_head];
            _waiting[_head++] = null!;
            append.Operation.Settled(append, outcome, wakes);
        }

        Compact();
    }

    public void FailAll(ErrorCode error, WakeList wakes) => Release(long.MaxValue, error, wakes);

    /// <summary>Drops what its deadline has settled.</summary>
    public void ForgetSettled()
    {
        _waiting.RemoveRange(0, _head);
        _head = 0;
        _waiting.RemoveAll(static append => append.IsSettled);
    }

    private void Compact()
    {
        if (_head == _waiting.Count)
        {
            _waiting.Clear();
            _head = 0;
        }
        else if (_head > 256 && _head > _waiting.Count / 2)
        {
            _waiting.RemoveRange(0, _head);
            _head = 0;
        }
    }
}
