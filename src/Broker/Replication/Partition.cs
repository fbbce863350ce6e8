using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Replication.Core;
using KRaftSharp.Broker.Replication.Fetching;
using KRaftSharp.Broker.Replication.Waiting;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Replication;

/// <summary>
/// A replica of one partition on this node: its log, its replication state, and who waits for its offsets to move.
/// </summary>
/// <remarks>
/// Everything that changes it runs on its strand. Other threads read <see cref="View"/> and the log's offsets; who
/// reads records compares the view before and after, since a log is only ever truncated under another view.
/// </remarks>
public sealed class Partition
{
    private readonly Strand _strand;
    private readonly PartitionServices _services;
    private readonly PartitionState _state;
    private readonly AckQueue _acks = new();
    private readonly LowWatermarkQueue _deletions = new();
    private readonly AppendBurst _burst = new();
    private FollowerGate[] _followerGates = [];
    private volatile ReplicaView _view = ReplicaView.None;

    internal Partition(PartitionLog log, PartitionServices services)
    {
        Log = log;
        Traffic = services.TrafficOf(log.TopicPartition.Topic);
        _services = services;
        _strand = new Strand { Faulted = services.Fault };
        _state = new PartitionState(
            services.Options.BrokerId, services.Options.ReplicaLagTimeMaxMs, services.Eligibility)
        { Planted = services.Options.Planted };
    }

    public TopicPartition TopicPartition => Log.TopicPartition;

    public Uuid TopicId => Log.TopicId;

    public PartitionLog Log { get; }

    /// <summary>What goes through the topic on this node.</summary>
    public TopicTraffic Traffic { get; }

    /// <summary>Any thread.</summary>
    public ReplicaView View => _view;

    /// <summary>Any thread. On a follower, what it has heard from its leader.</summary>
    public long HighWatermark => Log.HighWatermark;

    /// <summary>What became of this replica. Any thread.</summary>
    public ReplicaTimeline Timeline { get; } = new();

    /// <summary>The coordinator whose state this partition keeps; null for all other topics.</summary>
    internal IPartitionObserver? Observer { get; init; }

    /// <summary>Where consumers park for the high watermark.</summary>
    internal WaitGate HighWatermarkGate { get; } = new();

    /// <summary>New metadata: leads or follows.</summary>
    internal void Assign(PartitionAssignment assignment, int minIsr) =>
        _strand.Post(() => OnAssigned(assignment, minIsr));

    internal void Configure(LogOptions options, int minIsr) => _strand.Post(() =>
    {
        Log.UpdateOptions(options);
        _state.MinIsr = minIsr;
        Look();
    });

    /// <summary>The partition leaves this node; whoever waits is told so.</summary>
    internal void Leave(Action afterwards) => _strand.Post(() =>
    {
        _state.Leave();
        _services.Fetchers.Unfollow(this);
        Publish();
        TurnAway();
        Observer?.Ceased(this);
        afterwards();
    });

    /// <summary>Queues an append; <see cref="WriteQueued"/> writes it.</summary>
    internal void Enqueue(PartitionAppend append) => _burst.Enqueue(append);

    /// <summary>Writes everything that is queued, in one write.</summary>
    internal void WriteQueued()
    {
        if (_burst.HasQueued)
        {
            _strand.Post(static (partition, _) => ((Partition)partition!).OnWriteQueued(), this, null);
        }
    }

    /// <summary>
    /// Appends a coordinator's batch if this replica still leads in <paramref name="leaderEpoch"/> and enough replicas
    /// are in sync. <paramref name="appended"/> is called once, on the strand, before the high watermark moves.
    /// </summary>
    internal void Append(LeaderAppend append, int leaderEpoch, Action<LogAppendResult> appended) =>
        _strand.Post(() => OnAppend(append, leaderEpoch, appended));

    /// <summary>The deadline of an append has passed; it may be queued, written or settled by now.</summary>
    internal void Expire(PartitionAppend append) => _strand.Post(
        static (partition, append) => ((Partition)partition!).OnExpired((PartitionAppend)append!), this, append);

    /// <summary>A follower's valid fetch, of the term <paramref name="update"/> names.</summary>
    internal void Fetched(FollowerUpdate update) => _strand.Post(
        static (partition, update) => ((Partition)partition!).OnFetched((FollowerUpdate)update!), this, update);

    /// <summary>What a follower does with its part of a leader's answer.</summary>
    internal void Follow(FollowerStep step) => _strand.Post(
        static (partition, step) => ((FollowerStep)step!).Run(((Partition)partition!)._state), this, step);

    /// <summary>Runs on the strand.</summary>
    internal void Post(Action action) => _strand.Post(action);

    /// <summary>Moves the log start; see <see cref="RecordDeletion"/>.</summary>
    internal void Delete(RecordDeletion deletion) => _strand.Post(() =>
    {
        if (deletion.TryStart(this, _state))
        {
            _deletions.Add(deletion);
            CheckLowWatermark();
            _followerGates.Hurry(_services.NowMs);
        }
    });

    /// <summary>The controller's answer to a proposal of this partition.</summary>
    internal void Answered(IsrProposal proposal, IsrAnswer answer) => _strand.Post(() => OnAnswered(proposal, answer));

    /// <summary>Time has passed, or brokers have come or gone.</summary>
    internal void Look() => _strand.Post(static (partition, _) => ((Partition)partition!).OnLook(), this, null);

    private void OnAssigned(PartitionAssignment assignment, int minIsr)
    {
        if (_state.IsStale(assignment))
        {
            return;
        }

        _state.MinIsr = minIsr;
        try
        {
            if (assignment.LeaderId == _services.Options.BrokerId)
            {
                Lead(assignment);
            }
            else
            {
                FollowLeader(assignment);
            }
        }
        catch (StorageException error)
        {
            GoOffline(error);
        }
    }

    private void Lead(PartitionAssignment assignment)
    {
        bool isNewEpoch = _state.Role != PartitionRole.Leader || assignment.LeaderEpoch > _state.LeaderEpoch;
        if (isNewEpoch)
        {
            _services.Fetchers.Unfollow(this);
            Log.AssignEpochStart(assignment.LeaderEpoch);
        }

        long before = Log.HighWatermark;
        _state.BecomeLeader(assignment, Log.LogEndOffset, before, _services.NowMs);
        int local = _services.Options.BrokerId;
        _followerGates = [.. _state.Replicas.Where(id => id != local).Select(_services.FollowerGate)];
        Publish();
        if (isNewEpoch)
        {
            ReplicationLog.Leads(_services.Logger, TopicPartition, _state.LeaderEpoch, Log.LogEndOffset, before);
            Note("leads");
            _followerGates.Hurry(_services.NowMs);
        }

        MoveHighWatermark();
        if (isNewEpoch)
        {
            Observer?.Leads(this, _state.LeaderEpoch);
        }
    }

    private void FollowLeader(PartitionAssignment assignment)
    {
        int formerLeader = _state.Role == PartitionRole.Follower ? _state.LeaderId : -2;
        bool isNewEpoch = _state.BecomeFollower(assignment);
        Publish();
        TurnAway();
        Observer?.Ceased(this);
        _followerGates = [];
        if (assignment.LeaderId < 0)
        {
            _services.Fetchers.Unfollow(this);
        }
        else if (isNewEpoch || formerLeader != assignment.LeaderId)
        {
            ReplicationLog.Follows(
                _services.Logger, TopicPartition, assignment.LeaderId, assignment.LeaderEpoch, Log.LogEndOffset);
            Note("follows");
            _services.Fetchers.Follow(this, assignment.LeaderId, assignment.LeaderEpoch);
        }
    }

    /// <summary>Keeps what has happened; on the strand.</summary>
    internal void Note(string what, long? truncatedFrom = null) => Timeline.Add(new ReplicaEvent(
        _services.Time.WallClockMs(), what, _state.LeaderId < 0 ? null : _state.LeaderId, _state.LeaderEpoch,
        Log.HighWatermark, Log.LogEndOffset, truncatedFrom));

    private void OnWriteQueued()
    {
        if (!_burst.Collect(_state))
        {
            return;
        }

        long endBefore = Log.LogEndOffset;
        WakeList wakes = _burst.Write(Log, _state.LeaderEpoch);
        if (Log.LogEndOffset > endBefore)
        {
            OnGrown(wakes);
        }

        OnWritten();
        _burst.Finish(_state.AcknowledgedEnd, _state.Acknowledgement, _acks);
        wakes.Exit();
    }

    private void OnAppend(LeaderAppend append, int leaderEpoch, Action<LogAppendResult> appended)
    {
        ErrorCode refusal = AppendBurst.Refusal(_state, requiredAcks: -1, leaderEpoch);
        if (refusal != ErrorCode.None)
        {
            appended(new LogAppendResult { Error = refusal, BaseOffset = -1, LastOffset = -1 });
            return;
        }

        LogAppendResult result = Log.AppendAsLeader(append, leaderEpoch);
        appended(result);
        if (result.IsSuccess)
        {
            var wakes = new WakeList();
            OnGrown(wakes);
            wakes.Exit();
        }

        OnWritten();
    }

    private void OnGrown(WakeList wakes)
    {
        if (_state.Appended(Log.LogEndOffset, _services.NowMs))
        {
            MoveHighWatermark(wakes);
        }

        _followerGates.Signal(wakes);
    }

    private void OnWritten()
    {
        if (Log.Failure is { } failure)
        {
            GoOffline(failure);
        }
    }

    private void OnExpired(PartitionAppend append)
    {
        var wakes = new WakeList();
        append.Operation.Settled(append, ErrorCode.RequestTimedOut, wakes);
        _acks.ForgetSettled();
        wakes.Exit();
    }

    private void OnFetched(FollowerUpdate update)
    {
        if (_state.Role == PartitionRole.Leader && _state.LeaderEpoch == update.LeaderEpoch
            && _state.Fetched(update.Fetch, out bool moved))
        {
            if (moved)
            {
                MoveHighWatermark(update.Wakes);
            }

            Ask(_state.ProposeExpansion(update.Fetch.ReplicaId));
            CheckLowWatermark();
        }

        update.Wakes.Exit();
    }

    private void OnAnswered(IsrProposal proposal, IsrAnswer answer)
    {
        switch (_state.Answered(proposal, answer, _services.NowMs, out bool moved))
        {
            case IsrVerdict.Retry:
                _services.IsrChanges.Submit(this, proposal, isRetry: true);
                return;
            case IsrVerdict.Applied:
                ReplicationLog.IsrChanged(
                    _services.Logger, TopicPartition, string.Join(',', _state.Isr), _state.PartitionEpoch);
                Ask(_state.ProposeExpansionOfAny(_services.NowMs));
                break;
            case IsrVerdict.Withdrawn:
                ReplicationLog.IsrRefused(_services.Logger, TopicPartition, answer.Error);
                break;
        }

        Publish();
        if (moved)
        {
            MoveHighWatermark();
        }
    }

    private void OnLook()
    {
        if (_state.Role != PartitionRole.Leader)
        {
            return;
        }

        long now = _services.NowMs;
        Ask(_state.ProposeShrink(now) ?? _state.ProposeExpansionOfAny(now));
        if (_state.AdvanceHighWatermark(now))
        {
            MoveHighWatermark();
        }

        CheckLowWatermark();
    }

    private void Ask(IsrProposal? proposal)
    {
        if (proposal is not null)
        {
            ReplicationLog.IsrAsked(
                _services.Logger, TopicPartition, string.Join(',', proposal.NewIsr), proposal.PartitionEpoch);
            _services.IsrChanges.Submit(this, proposal, isRetry: false);
        }
    }

    private void MoveHighWatermark()
    {
        var wakes = new WakeList();
        MoveHighWatermark(wakes);
        wakes.Exit();
    }

    private void MoveHighWatermark(WakeList wakes)
    {
        Log.SetHighWatermark(_state.HighWatermark);
        _acks.Release(_state.HighWatermark, _state.Acknowledgement, wakes);
        HighWatermarkGate.Signal(wakes);
        Observer?.HighWatermarkMoved(this, _state.HighWatermark);
    }

    private void CheckLowWatermark()
    {
        if (_deletions.Count > 0)
        {
            _deletions.Release(_state.LowWatermark(Log.LogStartOffset));
        }
    }

    /// <summary>Tells everybody who waits for a leader that there is none here.</summary>
    private void TurnAway()
    {
        var wakes = new WakeList();
        _acks.FailAll(ErrorCode.NotLeaderOrFollower, wakes);
        _deletions.FailAll(ErrorCode.NotLeaderOrFollower);
        HighWatermarkGate.Signal(wakes);
        _followerGates.Signal(wakes);
        wakes.Exit();
    }

    private void Publish() => _view = ReplicaView.Of(_state);

    private void GoOffline(StorageException error)
    {
        ReplicationLog.StorageFailed(_services.Logger, TopicPartition, error);
        _services.Fault(error);
    }
}
