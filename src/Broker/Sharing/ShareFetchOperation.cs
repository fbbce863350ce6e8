using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing;

/// <summary>One share fetch: takes records as soon as there are enough, or waits for them.</summary>
/// <remarks>Owned by the strand of its group, but for waking.</remarks>
internal sealed class ShareFetchOperation : IWaiter
{
    private readonly GroupShares _group;
    private readonly ShareFetchAsk _ask;
    private readonly List<SharePartition> _partitions = [];
    private readonly List<SharePartResult> _failed = [];
    private readonly long[] _parked;
    private readonly Action<IReadOnlyList<SharePartResult>> _done;
    private volatile bool _isDone;
    private volatile bool _isExpired;

    /// <param name="done">Called once, on the group's strand.</param>
    public ShareFetchOperation(
        GroupShares group, ShareFetchAsk ask, IEnumerable<TopicIdPartition> partitions,
        Action<IReadOnlyList<SharePartResult>> done)
    {
        _group = group;
        _ask = ask;
        _done = done;
        foreach (TopicIdPartition name in partitions)
        {
            (SharePartition? found, ErrorCode error) = group.FindOrLoad(name);
            if (found is not null)
            {
                _partitions.Add(found);
            }
            else
            {
                _failed.Add(SharePartResult.Failed(name, error));
            }
        }

        _parked = new long[_partitions.Count];
        Array.Fill(_parked, -1);
    }

    public bool IsDone => _isDone;

    public bool IsFor(SharePartition partition) => _partitions.Contains(partition);

    /// <summary>Takes what there is, or waits. True when it waits.</summary>
    public bool Start()
    {
        _isExpired = _ask.MaxWaitMs <= 0;
        if (_partitions.Count == 0 || _ask.MaxRecords <= 0 || _ask.MaxBytes <= 0)
        {
            Finish(_failed);
        }
        else
        {
            Look();
        }

        return !_isDone;
    }

    public void Wake()
    {
        if (!_isDone)
        {
            _group.Post(Look);
        }
    }

    public void Expire()
    {
        _isExpired = true;
        Wake();
    }

    /// <summary>Looks whether there is enough now. On the strand.</summary>
    public void Look()
    {
        if (_isDone)
        {
            return;
        }

        // The versions first: what moves between a look and parking wakes at once.
        long[] seen = [.. _partitions.Select(static partition => partition.Partition.HighWatermarkGate.Version)];
        if (TryTake())
        {
            return;
        }

        _group.Wait(this);
        for (int i = 0; i < _partitions.Count; i++)
        {
            // It is still parked where nothing was signalled since.
            if (_parked[i] != seen[i])
            {
                _parked[i] = seen[i];
                _partitions[i].Partition.HighWatermarkGate.Park(this, seen[i]);
            }
        }
    }

    private bool TryTake()
    {
        ShareGroupSettings settings = _group.Settings;
        List<SharePartition> open = [];
        bool hasFailed = false;
        foreach (SharePartition partition in _partitions)
        {
            if (partition.IsActive && !partition.IsLeader)
            {
                partition.Fence(ErrorCode.NotLeaderOrFollower);
                _group.Drop(partition);
            }

            hasFailed |= partition.Error != ErrorCode.None;
            if (partition.IsActive && partition.State.MayAcquire(settings.Limits))
            {
                open.Add(partition);
            }
        }

        bool allFailed = hasFailed && _partitions.TrueForAll(static partition => partition.Error != ErrorCode.None);
        if (!_isExpired && !allFailed && (open.Count == 0 || !HasEnough(open, settings)))
        {
            return false;
        }

        List<SharePartResult> results = [.. _failed];
        foreach (SharePartition partition in _partitions)
        {
            if (partition.Error != ErrorCode.None)
            {
                results.Add(SharePartResult.Failed(NameOf(partition), partition.Error));
            }
        }

        Take(open, settings, results);
        Finish(results);
        return true;
    }

    private void Take(List<SharePartition> open, ShareGroupSettings settings, List<SharePartResult> results)
    {
        long taken = 0;
        bool isFirst = true;
        for (int i = 0; i < open.Count; i++)
        {
            SharePartResult result = SharedLog.Acquire(
                open[i], _ask, settings, Budget(i, open.Count), isFirst, (int)Math.Max(0, _ask.MaxRecords - taken));
            isFirst &= result.Records.Length == 0;
            taken += result.Acquired.Sum(static range => range.Count);
            results.Add(result);
            if (result.Error == ErrorCode.NotLeaderOrFollower)
            {
                open[i].Fence(result.Error);
                _group.Drop(open[i]);
            }
        }
    }

    /// <summary>An equal part of the bytes for everybody; what is left over goes to the first.</summary>
    private int Budget(int index, int count) => index == 0
        ? (_ask.MaxBytes / count) + (_ask.MaxBytes % count)
        : _ask.MaxBytes / count;

    private bool HasEnough(List<SharePartition> open, ShareGroupSettings settings)
    {
        long total = 0;
        for (int i = 0; i < open.Count; i++)
        {
            long offset = open[i].State.NextOffset;
            if (offset < open[i].Partition.Log.LogStartOffset)
            {
                return true;
            }

            total += SharedLog.Measure(
                open[i].Partition.Log, offset, Budget(i, open.Count), settings.IsReadCommitted);
            if (total >= _ask.MinBytes && total > 0)
            {
                return true;
            }
        }

        return _ask.MinBytes <= 0;
    }

    private void Finish(IReadOnlyList<SharePartResult> results)
    {
        _isDone = true;
        _done(results);
    }

    private static TopicIdPartition NameOf(SharePartition partition) =>
        new(partition.Key.TopicId, partition.Key.Partition);
}
