using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Broker.Coordination;

/// <summary>The state of one partition for one term of its leadership, and the operations on it.</summary>
/// <remarks>
/// One strand. An operation decides, its records are appended and replayed, then the next one runs: what is decided
/// rests on everything that was written before. What is answered rests on what is committed.
/// </remarks>
internal sealed class CoordinatorShard<TState>
    where TState : class, ICoordinatorState
{
    private readonly CoordinatorSettings<TState> _settings;
    private readonly Strand _strand;
    private readonly ShardTimers _timers;
    private readonly CommitQueue _commits;
    private readonly BatchWriter _writer;
    private readonly TState _state;
    private readonly Queue<Operation> _queue = [];
    private readonly HashSet<IReply> _owed = [];
    private ITimer? _start;
    private long _writtenTo;
    private bool _isAppending;
    private int _leaderEpoch;
    private int _status = (int)ErrorCode.CoordinatorLoadInProgress;

    public CoordinatorShard(CoordinatorSettings<TState> settings, Partition partition, int leaderEpoch)
    {
        _settings = settings;
        Partition = partition;
        LeaderEpoch = leaderEpoch;
        _strand = new Strand { Faulted = settings.Fault };
        _timers = new ShardTimers(settings.Time, operation => Run(null, _ => operation()));
        _commits = new CommitQueue(settings.Time, settings.WriteTimeoutMs, () => _strand.Post(ExpireCommits));
        _writer = new BatchWriter(settings.Compression);
        _state = settings.NewState(Index, _timers);
    }

    public Partition Partition { get; }

    public int Index => Partition.TopicPartition.Partition;

    /// <summary>Grows when the leader is elected again. Any thread.</summary>
    public int LeaderEpoch
    {
        get => Volatile.Read(ref _leaderEpoch);
        set => Volatile.Write(ref _leaderEpoch, value);
    }

    /// <summary>None while operations are taken. Any thread.</summary>
    public ErrorCode Status => (ErrorCode)Volatile.Read(ref _status);

    private bool IsClosed => Status == ErrorCode.NotCoordinator;

    /// <summary>Reads the log, on another thread than the partition's.</summary>
    public void Load() => _start = _settings.Time.CreateTimer(
        _ => _strand.Post(LoadLog), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    /// <summary>Any thread. The operation runs after those before it are appended.</summary>
    public void Run(IReply? reply, Func<TState, Decision> operation)
    {
        if (Status is var status && status != ErrorCode.None)
        {
            reply?.Fail(status);
            return;
        }

        _strand.Post(() => Enqueue(new Operation(reply, operation)));
    }

    /// <summary>Any thread.</summary>
    public void OnHighWatermark() => _strand.Post(ReleaseCommits);

    /// <summary>Ends it: everything that is owed fails with <paramref name="error"/>. Any thread.</summary>
    public void Close(ErrorCode error)
    {
        Volatile.Write(ref _status, (int)ErrorCode.NotCoordinator);
        _strand.Post(() => OnClosed(error));
    }

    private void LoadLog()
    {
        _start?.Dispose();
        if (IsClosed)
        {
            return;
        }

        PartitionLog log = Partition.Log;
        if (!ShardLoader.TryLoad(log, _settings.Kind, _state, () => IsClosed, out _writtenTo))
        {
            if (!IsClosed)
            {
                CoordinatorLog.LoadFailed(_settings.Logger, Partition.TopicPartition, LeaderEpoch);
            }

            return;
        }

        CoordinatorLog.Loaded(_settings.Logger, Partition.TopicPartition, _writtenTo, LeaderEpoch);
        _state.Loaded();
        Interlocked.CompareExchange(
            ref _status, (int)ErrorCode.None, (int)ErrorCode.CoordinatorLoadInProgress);
    }

    private void Enqueue(Operation operation)
    {
        if (IsClosed)
        {
            operation.Reply?.Fail(ErrorCode.NotCoordinator);
            return;
        }

        _queue.Enqueue(operation);
        Pump();
    }

    private void Pump()
    {
        while (!_isAppending && !IsClosed && _queue.TryDequeue(out Operation? operation))
        {
            Owe(operation.Reply);
            Decision decision = operation.Decide(_state);
            if (decision.HasWrites)
            {
                Append(decision, operation.Reply);
                continue;
            }

            decision.Appended?.Invoke();
            if (decision.Committed is not null)
            {
                Await(decision, operation.Reply);
            }
        }
    }

    private void Owe(IReply? reply)
    {
        if (reply is not null && _owed.Add(reply))
        {
            reply.OnSettled(settled => _owed.Remove(settled));
        }
    }

    private void Append(Decision decision, IReply? reply)
    {
        _isAppending = true;
        var append = new LeaderAppend(
            _writer.Write(decision, _settings.Time.WallClockMs()),
            AppendOrigin.Coordinator,
            IsVerificationRequired: decision.Verification is not null,
            Verification: decision.Verification ?? 0,
            BumpsEpoch: decision.End?.BumpsEpoch ?? false);
        Partition.Append(
            append, LeaderEpoch, result => _strand.Post(() => OnAppended(decision, reply, result)));
    }

    private void OnAppended(Decision decision, IReply? reply, LogAppendResult result)
    {
        _isAppending = false;
        if (IsClosed)
        {
            return;
        }

        if (result.IsSuccess)
        {
            Replay(decision, result.BaseOffset);
            _writtenTo = result.LastOffset + 1;
            decision.Appended?.Invoke();
            Await(decision, reply);
        }
        else
        {
            Fail(decision, reply, result.Error);
        }

        Pump();
    }

    private void Replay(Decision decision, long baseOffset)
    {
        if (decision.End is { } end)
        {
            _state.ReplayMarker(end.Producer, end.IsCommit);
            return;
        }

        if (!decision.IsReplayed)
        {
            return;
        }

        foreach (CoordinatorRecord record in decision.Records)
        {
            _state.Replay(baseOffset++, record.Key, record.Value, decision.Producer);
        }
    }

    private void Await(Decision decision, IReply? reply)
    {
        _commits.Add(_writtenTo, decision, error => Fail(decision, reply, error));
        _commits.Release(
            _settings.Planted.HasFlag(PlantedFaults.UnreplicatedCommits) ? _writtenTo : Partition.HighWatermark);
    }

    private void ReleaseCommits()
    {
        if (!IsClosed)
        {
            _commits.Release(Partition.HighWatermark);
        }
    }

    private void ExpireCommits()
    {
        if (!IsClosed)
        {
            _commits.Expire();
        }
    }

    private static void Fail(Decision decision, IReply? reply, ErrorCode error)
    {
        decision.Failed?.Invoke(error);
        reply?.Fail(error);
    }

    private void OnClosed(ErrorCode error)
    {
        _start?.Dispose();
        _state.Unloaded();
        _timers.Dispose();
        _commits.Dispose();
        foreach (Operation operation in _queue)
        {
            Owe(operation.Reply);
        }

        _queue.Clear();
        foreach (IReply reply in _owed.ToArray())
        {
            reply.Fail(error);
        }

        if (!_isAppending)
        {
            _writer.Dispose();
        }

        CoordinatorLog.Closed(_settings.Logger, Partition.TopicPartition, LeaderEpoch);
    }

    private sealed record Operation(IReply? Reply, Func<TState, Decision> Decide);
}
