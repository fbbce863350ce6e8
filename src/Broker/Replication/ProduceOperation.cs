using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>One produce request: appended to its partitions, then parked until its acknowledgement is due.</summary>
internal sealed class ProduceOperation(short requiredAcks) : IWaiter
{
    private readonly TaskCompletionSource _completion = new();
    private readonly List<PartitionAppend> _appends = [];
    private int _unsettled = 1;
    private int _done;

    /// <summary>-1 for all in-sync replicas, 1 or 0 for the leader alone.</summary>
    public short RequiredAcks => requiredAcks;

    public IReadOnlyList<PartitionAppend> Appends => _appends;

    /// <summary>Whom the appends wake; woken when all of them are through.</summary>
    public WakeList Wakes { get; } = new();

    public bool IsDone => Volatile.Read(ref _done) != 0;

    /// <summary>Completes when every append is settled, or at the deadline.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Adds an append, before <see cref="Start"/>.</summary>
    public PartitionAppend Add(Partition partition, LeaderAppend write, int slot)
    {
        var append = new PartitionAppend(this, partition, write) { Slot = slot };
        _appends.Add(append);
        return append;
    }

    /// <summary>Queues all appends; nothing is written before <see cref="Run"/>.</summary>
    public void Start()
    {
        _unsettled = _appends.Count + 1;
        foreach (PartitionAppend append in _appends)
        {
            Wakes.Enter();
            append.Partition.Enqueue(append);
        }
    }

    /// <summary>Writes what is queued, that of other operations in one go with it.</summary>
    public void Run()
    {
        foreach (PartitionAppend append in _appends)
        {
            append.Partition.WriteQueued();
        }

        Wakes.Exit();
        if (Interlocked.Decrement(ref _unsettled) == 0)
        {
            Wake();
        }
    }

    /// <summary>One append is settled; the operation joins <paramref name="wakes"/> when it was the last.</summary>
    public void Settled(PartitionAppend append, ErrorCode error, WakeList wakes)
    {
        if (append.TrySettle(error) && Interlocked.Decrement(ref _unsettled) == 0)
        {
            wakes.Add(this);
        }
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
        {
            _completion.SetResult();
        }
    }

    /// <summary>On each partition's strand: a batch that is being written still needs the request's bytes.</summary>
    public void Expire()
    {
        foreach (PartitionAppend append in _appends)
        {
            append.Partition.Expire(append);
        }
    }
}
