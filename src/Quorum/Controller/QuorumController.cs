using System.Runtime.ExceptionServices;
using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;
using KRaftSharp.Quorum.Transport;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Quorum.Controller;

/// <summary>
/// The controller: the leader of the quorum decides, everybody else waits to become it. One strand; a decision is
/// records, which are appended, replayed at once, and answered when they are committed.
/// </summary>
/// <remarks>
/// Two images: what is committed and what is decided. Images share what is equal, so a controller that loses its
/// leadership returns to the committed one by an assignment.
/// </remarks>
public sealed class QuorumController : IQuorumListener
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;
    private readonly ControllerSettings _settings;
    private readonly IQuorum _quorum;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Strand _strand;
    private readonly ControllerState _state;
    private readonly BrokerSessions _sessions;
    private readonly ControllerDecisions _decisions;
    private readonly ControllerSchedule _schedule;
    private readonly LivenessProbes _probes;
    private readonly RegistrationNotes _notes;
    private readonly KRaftVersionUpgrade _upgrade;
    private readonly PendingAnswers _pending = new();
    private readonly CommittedState _committed;
    private readonly ITimer _timer;
    private volatile bool _isActive;
    private int _epoch = -1;
    private long _appendedEnd = -1;
    private long _wakeAtMs = long.MaxValue;

    public QuorumController(
        ControllerSettings settings,
        IQuorum quorum,
        ITransport transport,
        TimeProvider time,
        Prng prng,
        ILogger logger)
    {
        _settings = settings;
        _quorum = quorum;
        _time = time;
        _logger = logger;
        _strand = new Strand { Faulted = error => (Faulted ?? ExceptionDispatchInfo.Throw)(error) };
        _state = new ControllerState(settings, prng) { KRaftVersion = () => quorum.KRaftVersion };
        _sessions = new BrokerSessions(settings.BrokerSessionTimeoutMs);
        _notes = new RegistrationNotes(_state, _sessions, logger);
        _upgrade = new KRaftVersionUpgrade(quorum, _strand);
        _decisions = new ControllerDecisions(_state, _sessions);
        _schedule = new ControllerSchedule(settings);
        _probes = new LivenessProbes(settings, transport, time, _strand, IsOutOfTouch, OnRefused);
        _committed = new CommittedState(settings.BootstrapRecords);
        _timer = time.CreateTimer(_ => _strand.Post(OnTimer), null, Never, Never);
    }

    /// <summary>Called with what must stop the node; without it the exception goes to whoever called.</summary>
    public Action<Exception>? Faulted { get; init; }

    /// <summary>True while this node decides; any thread.</summary>
    public bool IsActive => _isActive;

    /// <summary>Registers with the quorum. Requests before that are answered as by a node that does not lead.</summary>
    public void Start() => _quorum.Register(this);

    /// <summary>Stops timers and answers what waits; leadership is the quorum's to hand over.</summary>
    public void Shutdown() => _strand.Post(() =>
    {
        Deactivate();
        _timer.Dispose();
    });

    /// <summary>Decides a request of the controller listener; completes when the decision is committed.</summary>
    public ValueTask<IApiMessage> HandleAsync(ControllerRequestContext context, IApiMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        TaskCompletionSource<IApiMessage> done = new();
        _strand.Post(() => Process(context, request, done));
        return new ValueTask<IApiMessage>(done.Task);
    }

    /// <summary>
    /// Tells that a connection is gone. If it carried a broker's heartbeats, that broker is probed, and fenced at once
    /// when nobody listens there any more.
    /// </summary>
    public void ConnectionClosed(long connectionId) => _strand.Post(() =>
    {
        if (_isActive && _sessions.Disconnect(connectionId) is { } session)
        {
            Probe(session.BrokerId);
        }
    });

    public void HandleCommit(IReadOnlyList<CommittedBatch> batches) => _strand.Post(() => Commit(batches));

    public void HandleLoadSnapshot(ISnapshotReader reader) => _strand.Post(() => Load(reader));

    public void HandleLeaderChange(LeaderAndEpoch leader) => _strand.Post(() =>
    {
        bool leads = leader.IsLeader(_quorum.NodeId);
        if (_isActive && !(leads && leader.Epoch == _epoch))
        {
            Deactivate();
        }

        if (leads && !_isActive)
        {
            Activate(leader.Epoch);
        }
    });

    private void Process(
        ControllerRequestContext context, IApiMessage request, TaskCompletionSource<IApiMessage> done)
    {
        if (!_isActive)
        {
            done.TrySetResult(ControllerResponses.Failure(request, new ApiError(ErrorCode.NotController)));
            return;
        }

        long nowMs = _time.MonotonicMs();
        if (nowMs >= context.DeadlineMs || ControllerDecisions.TimeoutMs(request) <= 0)
        {
            done.TrySetResult(ControllerResponses.Failure(request, new ApiError(ErrorCode.RequestTimedOut)));
            return;
        }

        // What the quorum publishes may lag behind what this strand has just appended.
        long nextOffset = Math.Max(_quorum.LogEndOffset, _state.Image.Provenance.EndOffset);
        Decision decision = _decisions.Decide(context, request, nextOffset, nowMs);
        if (decision is { KRaftVersion: { } level } && request is UpdateFeaturesRequest update)
        {
            _upgrade.Start(_epoch, update, level, error => Finish(context, request, decision, error, nowMs, done));
        }
        else
        {
            Finish(context, request, decision, null, nowMs, done);
        }
    }

    private void Finish(
        in ControllerRequestContext context, IApiMessage request, Decision decision, ApiError? refusal, long nowMs,
        TaskCompletionSource<IApiMessage> done)
    {
        long? offset = null;
        ErrorCode error = _isActive ? ErrorCode.None : ErrorCode.NotController;
        if (refusal is null && error == ErrorCode.None && decision.Records.Count > 0)
        {
            offset = Append(decision.Records, decision.IsAtomic, request.Key.ToString(), out error);
        }

        if (refusal is not null || (error != ErrorCode.None && offset is null))
        {
            done.TrySetResult(ControllerResponses.Failure(request, refusal ?? new ApiError(error)));
        }
        else
        {
            _notes.Note(context, request, decision.Response!, nowMs);
            _pending.Add(offset, request, decision.Response!, done);
        }

        Arm();
    }

    /// <summary>Appends records and replays them; null when they could not be appended.</summary>
    private long? Append(IReadOnlyList<VersionedRecord> records, bool isAtomic, string what, out ErrorCode error)
    {
        error = ErrorCode.NotController;
        long? last;
        try
        {
            last = _quorum.TryAppend(_epoch, records, isAtomic);
        }
        catch (RecordBatchTooLargeException tooLarge)
        {
            ControllerEvents.TooLarge(_logger, _settings.NodeId, records.Count, what, tooLarge.Message);
            error = ErrorCode.PolicyViolation;
            return null;
        }

        if (last is not { } lastOffset)
        {
            // The quorum knows before this strand does; it will say so.
            Deactivate();
            return null;
        }

        MetadataTransaction transaction = new();
        MetadataDelta delta = new(_state.Image);
        bool allowsUnclean = false;
        foreach (VersionedRecord record in records)
        {
            transaction.Replay(record.Record, delta);
            allowsUnclean |= record.Record is ConfigRecord { Name: "unclean.leader.election.enable" };
        }

        _appendedEnd = lastOffset + 1;
        _state.Image = delta.Apply(new LogPoint(_epoch, _appendedEnd), _time.WallClockMs());
        _schedule.Appended(_time.MonotonicMs());
        if (allowsUnclean)
        {
            _strand.Post(ElectUnclean);
        }

        return lastOffset;
    }

    private void Commit(IReadOnlyList<CommittedBatch> batches)
    {
        _committed.Commit(batches);
        if (!_isActive)
        {
            _state.Image = _committed.Image;
            return;
        }

        if (_committed.EndOffset == _appendedEnd)
        {
            _committed.Share(_state.Image);
        }

        _pending.Commit(_committed.EndOffset);
    }

    private void Load(ISnapshotReader reader)
    {
        using (reader)
        {
            Invariant.Require(!_isActive || reader.SnapshotId.EndOffset == 0, "a leader never loads a snapshot");
            _committed.Load(reader);
            if (!_isActive)
            {
                _state.Image = _committed.Image;
            }
        }
    }

    private void Activate(int epoch)
    {
        long nowMs = _time.MonotonicMs();
        _epoch = epoch;
        _appendedEnd = -1;
        _state.Image = _committed.Image;
        _isActive = true;
        _sessions.Activate(_committed.Image.Cluster, nowMs);
        _schedule.Activate(nowMs);
        ControllerEvents.Activated(_logger, _settings.NodeId, epoch, _committed.EndOffset);
        if (_committed.IsTransactionOpen && !AbortTransaction())
        {
            return;
        }

        if (!_state.Image.Features.HasMetadataVersion)
        {
            IReadOnlyList<VersionedRecord> records = _decisions.BootstrapRecords(_committed.BootstrapRecords);
            ControllerEvents.Bootstraps(_logger, _settings.NodeId, records.Count);
            Append(records, isAtomic: true, "bootstrap", out _);
        }

        foreach (BrokerRegistration broker in _committed.Image.Cluster.Brokers.Values)
        {
            Probe(broker.Id);
        }

        Arm();
    }

    // The transaction of a controller that is gone: its records were not replayed, and will not be.
    private bool AbortTransaction()
    {
        ControllerEvents.AbortsTransaction(_logger, _settings.NodeId);
        AbortTransactionRecord record = new() { Reason = "The controller that began it is not active any more." };
        if (_quorum.TryAppend(_epoch, [new VersionedRecord(record, 0)]) is { } offset)
        {
            _appendedEnd = offset + 1;
            return true;
        }

        Deactivate();
        return false;
    }

    private void Deactivate()
    {
        if (!_isActive)
        {
            return;
        }

        _isActive = false;
        _state.Image = _committed.Image;
        _wakeAtMs = long.MaxValue;
        _timer.Change(Never, Never);
        ControllerEvents.Deactivated(_logger, _settings.NodeId, _epoch);
        _pending.FailAll(new ApiError(ErrorCode.NotController));
    }

    private void OnTimer()
    {
        _wakeAtMs = long.MaxValue;
        if (!_isActive)
        {
            return;
        }

        long nowMs = _time.MonotonicMs();
        foreach (int brokerId in _sessions.Expired(_state.Image.Cluster, nowMs))
        {
            Fence(brokerId, "its session has ended");
        }

        if (_schedule.TakeRebalance(nowMs))
        {
            Elect(_decisions.Rebalance(), "back to preferred ones");
        }

        if (_schedule.TakeUncleanElection(nowMs))
        {
            ElectUnclean();
        }

        if (_isActive && _schedule.IsNoOpDue(nowMs))
        {
            Append([new VersionedRecord(new NoOpRecord(), 0)], isAtomic: true, "idle", out _);
        }

        Arm();
    }

    private void Arm()
    {
        long next = Math.Min(_schedule.NextMs, _sessions.NextExpiryMs(_state.Image.Cluster));
        if (!_isActive || next >= _wakeAtMs)
        {
            return;
        }

        // An earlier wake-up finds nothing to do and arms again: cheaper than moving the timer each time.
        _wakeAtMs = next;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, next - _time.MonotonicMs())), Never);
    }

    private void Probe(int brokerId)
    {
        if (_state.Image.Cluster.Broker(brokerId) is { IsFenced: false } broker)
        {
            _probes.Start(broker);
        }
    }

    private bool IsOutOfTouch(int brokerId, long epoch) => _isActive && _decisions.IsUnfenced(brokerId, epoch)
        && _sessions.Find(brokerId)?.ConnectionId is null;

    private void OnRefused(int brokerId, long epoch)
    {
        if (IsOutOfTouch(brokerId, epoch))
        {
            Fence(brokerId, "nobody listens at its address");
            Arm();
        }
    }

    private void Fence(int brokerId, string reason)
    {
        if (_isActive && _state.Image.Cluster.Broker(brokerId) is { IsFenced: false } broker)
        {
            IReadOnlyList<VersionedRecord> records = _decisions.Fence(broker);
            ControllerEvents.Fenced(_logger, _settings.NodeId, brokerId, broker.Epoch, reason, records.Count);
            Append(records, isAtomic: false, "fencing", out _);
        }
    }

    private void ElectUnclean() => Elect(_decisions.ElectUnclean(), "partitions had none");

    private void Elect(IReadOnlyList<VersionedRecord> records, string reason)
    {
        if (_isActive && records.Count > 0)
        {
            ControllerEvents.Elects(_logger, _settings.NodeId, records.Count, reason);
            Append(records, isAtomic: false, "election", out _);
        }
    }
}
