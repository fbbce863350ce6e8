using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Sharing.Core;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Broker.Sharing;

/// <summary>A share partition that this node leads: its state in memory, kept by the share coordinator.</summary>
/// <remarks>Owned by the strand of its group. One write is under way at a time; what comes meanwhile goes with the
/// next.</remarks>
internal sealed class SharePartition : IDisposable
{
    private readonly GroupShares _group;
    private readonly ITimer _lockTimer;
    private List<PendingWrite> _waiting = [];
    private SharePartitionState? _state;
    private int _stateEpoch;
    private bool _isWriting;
    private long _timerDueMs = long.MaxValue;

    public SharePartition(GroupShares group, SharePartitionKey key, Partition partition, int leaderEpoch)
    {
        _group = group;
        Key = key;
        Partition = partition;
        LeaderEpoch = leaderEpoch;
        _lockTimer = group.Services.Time.CreateTimer(
            _ => group.Post(OnLockTimer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SharePartitionKey Key { get; }

    public Partition Partition { get; }

    /// <summary>The term for which this state is the truth.</summary>
    public int LeaderEpoch { get; }

    public SharePartitionStatus Status { get; private set; }

    /// <summary>Why it is not active.</summary>
    public ErrorCode Error { get; private set; }

    /// <summary>Once it is active.</summary>
    public SharePartitionState State => _state!;

    public bool IsActive => Status == SharePartitionStatus.Active;

    /// <summary>Whether this node still leads in the same term.</summary>
    public bool IsLeader => Partition.View is { IsLeader: true } view && view.LeaderEpoch == LeaderEpoch;

    private ShareServices Services => _group.Services;

    public void Load() => Services.Follow(LoadAsync());

    /// <summary>Nothing is given or taken any more. What is being written may still be.</summary>
    public void Fence(ErrorCode error)
    {
        if (Status is SharePartitionStatus.Failed or SharePartitionStatus.Fenced)
        {
            return;
        }

        Status = SharePartitionStatus.Fenced;
        Error = error;
        ShareLog.Closed(Services.Logger, Key, LeaderEpoch);
        Dispose();
    }

    public IReadOnlyList<AcquiredRange> Acquire(AcquireRequest request, ShareLimits limits)
    {
        IReadOnlyList<AcquiredRange> given = State.Acquire(limits, request, Services.NowMs);
        if (given.Count > 0)
        {
            WakeAt(Services.NowMs + limits.LockMs);
        }

        return given;
    }

    /// <summary>Completes when what the member says is persisted; null when it counts.</summary>
    public void Acknowledge(
        string member, IReadOnlyList<Acknowledgement> said, ShareGroupSettings settings, Action<ShareError?> done)
    {
        Transition transition = new();
        if (State.Acknowledge(member, said, settings.Limits, Services.NowMs, transition) is { } error)
        {
            _group.Changed(this);
            done(error);
            return;
        }

        Persist(transition, done);
    }

    /// <summary>The member's session is over.</summary>
    public void Release(string member)
    {
        if (IsActive)
        {
            Persist(State.Release(member, _group.Settings.Limits), _ => { });
        }
    }

    public void Dispose() => _lockTimer.Dispose();

    private async Task LoadAsync()
    {
        StateAnswer answer = await Services.State.ReadAsync(Key, LeaderEpoch);
        _group.Post(() => OnRead(answer));
    }

    private void OnRead(StateAnswer answer)
    {
        if (Status != SharePartitionStatus.Loading)
        {
            return;
        }

        ErrorCode error = answer.Error == ErrorCode.None ? Take(answer.State!) : ForMembers(answer.Error);
        if (error != ErrorCode.None)
        {
            ShareLog.LoadFailed(Services.Logger, Key, answer.Error, answer.Message);
            Status = SharePartitionStatus.Failed;
            Error = error;
            Dispose();
            _group.Drop(this);
            return;
        }

        ShareLog.Loaded(Services.Logger, Key, State.StartOffset, State.NextOffset, LeaderEpoch);
        Status = SharePartitionStatus.Active;
        int limit = _group.Settings.Limits.MaxDeliveryCount;
        SendDeadLetters(State.DeadLetters(), batch => batch.DeliveryCount < limit);
        _group.Changed(this);
    }

    private ErrorCode Take(PersistedState kept)
    {
        try
        {
            long start = kept.StartOffset == PersistedState.NoOffset
                ? SharedLog.BeginOffset(
                    Partition.Log, _group.Settings, Services.Time.GetUtcNow().ToUnixTimeMilliseconds())
                : kept.StartOffset;
            if (InFlightRecords.Load(start, kept.Batches) is not { } records)
            {
                return ErrorCode.UnknownServerError;
            }

            _stateEpoch = kept.StateEpoch;
            _state = new SharePartitionState(records);
            return ErrorCode.None;
        }
        catch (StorageException)
        {
            return ErrorCode.KafkaStorageError;
        }
    }

    private void Persist(Transition transition, Action<ShareError?> done)
    {
        if (transition.IsEmpty)
        {
            done(null);
            return;
        }

        Persist(transition.Batches, error =>
        {
            if (error is null)
            {
                State.Commit(transition);
                SendDeadLetters(
                    transition.Batches, batch => transition.Rejected.Contains(batch.FirstOffset));
            }
            else
            {
                State.RollBack(transition, _group.Settings.Limits, Services.NowMs);
                WakeForLocks();
            }

            done(error);
        });
    }

    private void Persist(IReadOnlyList<StateBatch> batches, Action<ShareError?> done)
    {
        _waiting.Add(new PendingWrite(batches, done));
        if (!_isWriting)
        {
            Services.Follow(WriteAsync());
        }
    }

    private async Task WriteAsync()
    {
        _isWriting = true;
        List<PendingWrite> taken = _waiting;
        _waiting = [];
        StateWrite write = new(
            _stateEpoch, LeaderEpoch, State.StartOffset, State.CompleteCount,
            [.. taken.SelectMany(pending => pending.Batches)]);
        StateAnswer answer = await Services.State.WriteAsync(Key, write);
        _group.Post(() => OnWritten(taken, answer));
    }

    private void OnWritten(List<PendingWrite> written, StateAnswer answer)
    {
        _isWriting = false;
        ShareError? error = null;
        if (answer.Error != ErrorCode.None)
        {
            ShareLog.WriteFailed(Services.Logger, Key, answer.Error, answer.Message);
            error = new ShareError(ForMembers(answer.Error), answer.Message);
        }

        foreach (PendingWrite pending in written)
        {
            pending.Done(error);
        }

        if (_waiting.Count > 0)
        {
            Services.Follow(WriteAsync());
        }

        if (error?.Error is ErrorCode.NotLeaderOrFollower or ErrorCode.GroupIdNotFound
            or ErrorCode.UnknownTopicOrPartition)
        {
            Fence(error.Error);
            _group.Drop(this);
        }
        else
        {
            _group.Changed(this);
        }
    }

    private void OnLockTimer()
    {
        _timerDueMs = long.MaxValue;
        if (!IsActive)
        {
            return;
        }

        IReadOnlyList<StateBatch> changed = State.Expire(_group.Settings.Limits, Services.NowMs);
        if (changed.Count > 0)
        {
            // They are free already. Should this be lost, the count of deliveries is all that is.
            Persist(changed, error =>
            {
                State.Records.Advance();
                SendDeadLetters(changed, _ => false);
            });
            _group.Changed(this);
        }

        WakeForLocks();
    }

    private void WakeForLocks()
    {
        if (State.NextLockEndMs() is { } next)
        {
            WakeAt(next);
        }
    }

    /// <summary>Looks for locks that have run out, then or earlier.</summary>
    private void WakeAt(long dueMs)
    {
        if (IsActive && dueMs < _timerDueMs)
        {
            _timerDueMs = dueMs;
            _lockTimer.Change(
                TimeSpan.FromMilliseconds(Math.Max(1, dueMs - Services.NowMs)), Timeout.InfiniteTimeSpan);
        }
    }

    private void SendDeadLetters(IReadOnlyList<StateBatch> records, Func<StateBatch, bool> isRejected)
    {
        ShareGroupSettings settings = _group.Settings;
        foreach (StateBatch batch in records.Where(batch => batch.State == RecordState.Archiving))
        {
            string reason = isRejected(batch)
                ? DeadLetterReasons.Rejected
                : DeadLetterReasons.DeliveryCountExceeded;
            Services.Follow(SendAsync(batch, reason, settings));
        }
    }

    private async Task SendAsync(StateBatch batch, string reason, ShareGroupSettings settings)
    {
        await Services.DeadLetters.SendAsync(Key, batch, reason, settings);
        _group.Post(() =>
        {
            IReadOnlyList<StateBatch> archived = State.ArchiveDeadLetters(batch.FirstOffset, batch.LastOffset);
            if (IsActive && archived.Count > 0)
            {
                Persist(archived, _ => State.Records.Advance());
            }
        });
    }

    /// <summary>What members are told where the share coordinator refuses.</summary>
    private static ErrorCode ForMembers(ErrorCode error) => error switch
    {
        ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress
            or ErrorCode.NetworkException => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.GroupIdNotFound or ErrorCode.UnknownTopicOrPartition => error,
        ErrorCode.FencedLeaderEpoch or ErrorCode.FencedStateEpoch => ErrorCode.NotLeaderOrFollower,
        _ => ErrorCode.UnknownServerError,
    };

    private sealed record PendingWrite(IReadOnlyList<StateBatch> Batches, Action<ShareError?> Done);
}
