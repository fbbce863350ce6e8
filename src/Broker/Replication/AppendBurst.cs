using System.Collections.Concurrent;
using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>Appends of one partition that have come together and are written together.</summary>
/// <remarks>Anybody may enqueue; the rest runs on the partition's strand: collect, write, finish.</remarks>
internal sealed class AppendBurst
{
    private const int LeastRoom = 4;

    private readonly ConcurrentQueue<PartitionAppend> _queued = new();
    private readonly List<PartitionAppend> _appends = [];
    private LogAppendResult[] _results = new LogAppendResult[LeastRoom];
    private LeaderAppend[] _writes = new LeaderAppend[LeastRoom];

    public bool HasQueued => !_queued.IsEmpty;

    public void Enqueue(PartitionAppend append) => _queued.Enqueue(append);

    /// <summary>Takes what is queued and refuses what may not be written; false when nothing is left.</summary>
    public bool Collect(PartitionState state)
    {
        while (_queued.TryDequeue(out PartitionAppend? append))
        {
            ErrorCode error = Refusal(state, append.Operation.RequiredAcks);
            if (error == ErrorCode.None && !append.IsSettled)
            {
                _appends.Add(append);
                continue;
            }

            append.Operation.Settled(append, error, append.Operation.Wakes);
            append.Operation.Wakes.Exit();
        }

        return _appends.Count > 0;
    }

    /// <summary>Writes all in one go. The list that is returned is entered once more, for the caller.</summary>
    public WakeList Write(PartitionLog log, int leaderEpoch)
    {
        int count = _appends.Count;
        if (_writes.Length < count)
        {
            _writes = new LeaderAppend[count * 2];
            _results = new LogAppendResult[count * 2];
        }

        for (int i = 0; i < count; i++)
        {
            _writes[i] = _appends[i].ToLeaderAppend();
        }

        log.AppendAsLeader(_writes.AsSpan(0, count), leaderEpoch, _results.AsSpan(0, count));
        Array.Clear(_writes, 0, count);
        WakeList wakes = _appends[^1].Operation.Wakes;
        wakes.Enter();
        return wakes;
    }

    /// <summary>Settles what needs to wait no longer; the rest goes to <paramref name="acks"/>.</summary>
    public void Finish(long highWatermark, ErrorCode acknowledgement, AckQueue acks)
    {
        for (int i = 0; i < _appends.Count; i++)
        {
            PartitionAppend append = _appends[i];
            ProduceOperation operation = append.Operation;
            int bytes = append.ToLeaderAppend().Records.Length;
            append.Appended(_results[i]);
            if (!_results[i].IsSuccess)
            {
                append.Partition.Traffic.ProduceFailed();
                operation.Settled(append, _results[i].Error, operation.Wakes);
            }
            else if (operation.RequiredAcks != -1)
            {
                operation.Settled(append, ErrorCode.None, operation.Wakes);
            }
            else if (append.RequiredOffset <= highWatermark)
            {
                operation.Settled(append, acknowledgement, operation.Wakes);
            }
            else
            {
                acks.Add(append);
            }

            if (_results[i].IsSuccess)
            {
                append.Partition.Traffic.Produced(bytes, _results[i].LastOffset - _results[i].BaseOffset + 1);
            }

            operation.Wakes.Exit();
        }

        Array.Clear(_results, 0, _appends.Count);
        _appends.Clear();
    }

    /// <summary>None when an append may be written.</summary>
    /// <param name="leaderEpoch">Null for whichever there is.</param>
    public static ErrorCode Refusal(PartitionState state, short requiredAcks, int? leaderEpoch = null)
    {
        if (state.Role != PartitionRole.Leader || (leaderEpoch ?? state.LeaderEpoch) != state.LeaderEpoch)
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        return requiredAcks == -1 && state.IsUnderMinIsr ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
    }
}
