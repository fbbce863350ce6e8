using System.Diagnostics;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>A member of a classic group: join, sync, heartbeat, leave; eager, or cooperative where all its assignors
/// are
/// (KIP-429); static with an instance id (KIP-345).</summary>
internal sealed class ClassicMembership : IMembership
{
    private readonly MembershipSettings _settings;
    private readonly IReadOnlyList<IPartitionAssignor> _assignors;
    private readonly bool _isCooperative;
    private readonly OwnedPartitions _owned = new();
    private readonly PollWatch _polls;
    private readonly LeaderWatch _watch = new();
    private GroupSubscription _subscription = GroupSubscription.Nothing;
    private GroupSubscription _joinedWith = GroupSubscription.Nothing;
    private ClassicPhase _phase = ClassicPhase.Outside;
    private GroupAction? _pending;
    private Queue<GroupAction.Send> _farewells = [];
    private IReadOnlyList<AssignorMember> _group = [];
    private IReadOnlyDictionary<string, List<TopicPartition>> _assignments =
        new Dictionary<string, List<TopicPartition>>();

    private string _memberId = "";
    private string? _protocol;
    private string? _rejoinReason;
    private int _generation = -1;
    private long _heartbeatAtMs;
    private long _retryAtMs;
    private int _failures;

    public ClassicMembership(MembershipSettings settings)
    {
        _settings = settings;
        _assignors = settings.Options.Assignors;
        _isCooperative = _assignors.All(assignor => assignor.IsCooperative);
        _polls = new PollWatch(settings.MaxPollMs);
    }

    public KafkaException? Failure { get; private set; }

    public ConsumerGroupMetadata Metadata =>
        new(_settings.GroupId, _generation, _generation < 0 ? "" : _memberId, _settings.InstanceId);

    private bool IsMember => _generation >= 0 && _memberId.Length > 0;

    public void Subscribe(GroupSubscription subscription) => _subscription = subscription;

    public bool PollBegins(long nowMs)
    {
        _polls.Begin();
        if (_phase != ClassicPhase.Outside || _subscription.IsEmpty || Failure is not null)
        {
            return false;
        }

        Rejoin("the application polls");
        return true;
    }

    public void PollEnds(long nowMs) => _polls.End(nowMs);

    public void OnView(ClusterView view)
    {
        if (_phase == ClassicPhase.Stable && _watch.HasChanged(view))
        {
            _rejoinReason ??= "topics of the group have changed";
        }
    }

    public GroupAction? Next(long nowMs, out long nextMs)
    {
        nextMs = long.MaxValue;
        if (_pending is not null)
        {
            return null;
        }

        if (_farewells.TryDequeue(out GroupAction.Send? farewell))
        {
            return _pending = farewell;
        }

        if (Failure is not null || _phase == ClassicPhase.Outside)
        {
            return null;
        }

        if (nowMs >= _polls.ExpiresAtMs)
        {
            Expire();
            return Next(nowMs, out nextMs);
        }

        nextMs = _polls.ExpiresAtMs;
        if (_phase == ClassicPhase.Stable && (_rejoinReason is not null || !_joinedWith.IsSameAs(_subscription)))
        {
            Rejoin(_rejoinReason ?? "the subscription has changed");
        }

        if (_phase == ClassicPhase.Preparing && MayJoin())
        {
            _phase = ClassicPhase.Joining;
        }

        if (nowMs < _retryAtMs)
        {
            nextMs = Math.Min(nextMs, _retryAtMs);
            return null;
        }

        return _pending = _phase switch
        {
            ClassicPhase.Joining => Join(),
            ClassicPhase.Assigning => new GroupAction.Assign(AssignorOf(_protocol)!, _group),
            ClassicPhase.Syncing => ClassicRequests.Sync(_settings, _memberId, _generation, _protocol, _assignments),
            _ => Heartbeat(nowMs, ref nextMs),
        };
    }

    public void OnAnswer(GroupAction.Send sent, IApiMessage? answer, ErrorCode error, string? reason, long nowMs)
    {
        if (!ReferenceEquals(sent, _pending))
        {
            LeaveWhatWasJoinedTooLate(answer);
            return;
        }

        _pending = null;
        if (sent.Request is LeaveGroupRequest)
        {
            return; // whatever came of it: the session ends by itself
        }

        error = answer switch
        {
            JoinGroupResponse join => OnJoin(join),
            SyncGroupResponse sync => OnSync(sync),
            HeartbeatResponse heartbeat => heartbeat.ErrorCode,
            _ => error,
        };
        if (error == ErrorCode.None)
        {
            _failures = 0;
            _retryAtMs = 0;
            _heartbeatAtMs = nowMs + _settings.HeartbeatMs;
            return;
        }

        OnError(error, reason, nowMs);
    }

    public void OnAssigned(
        GroupAction.Assign asked, IReadOnlyDictionary<string, List<TopicPartition>>? assignment, ClusterView view,
        string? reason)
    {
        if (!ReferenceEquals(asked, _pending))
        {
            return;
        }

        _pending = null;
        if (assignment is null)
        {
            Fail(new KafkaException(ErrorCode.UnknownServerError, reason));
            return;
        }

        _assignments = assignment;
        _watch.Begin(asked.Members.SelectMany(member => member.Topics), view);
        _phase = ClassicPhase.Syncing;
    }

    public void OnResolved(ClusterView view, bool isComplete, long nowMs) =>
        throw new UnreachableException("classic groups know topics by their names");

    public RebalanceStep? TakeStep() => _owned.Take(NextStep());

    public void StepDone(RebalanceStep step)
    {
        _owned.Done(step);
        if (step.Kind == RebalanceStepKind.Revoke && _phase == ClassicPhase.Stable)
        {
            _rejoinReason ??= "what was given up is to go to its next owner"; // the second round
        }
    }

    public void OnCommitRefused(ErrorCode error, ConsumerGroupMetadata by)
    {
        if (by.GenerationId != _generation || _phase != ClassicPhase.Stable)
        {
            return;
        }

        switch (error)
        {
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                Reset(keepsId: error == ErrorCode.IllegalGeneration, "a commit was refused");
                break;
            case ErrorCode.FencedInstanceId:
                Fail(new KafkaException(error));
                break;
            case ErrorCode.RebalanceInProgress:
                _rejoinReason ??= "the group rebalances";
                break;
        }
    }

    public GroupAction.Send? Leave(bool forGood)
    {
        bool tells = _memberId.Length > 0 && (forGood || _settings.InstanceId is null);
        GroupAction.Send? farewell = tells
            ? ClassicRequests.Leave(_settings, _memberId, "the consumer leaves")
            : null;
        _phase = ClassicPhase.Outside;
        _pending = null;
        _owned.Forget();
        (_generation, _memberId, _rejoinReason) = (-1, "", null);
        return farewell;
    }

    private RebalanceStep? NextStep() => _phase switch
    {
        _ when _owned.NextLoss() is { } loss => loss,
        ClassicPhase.Preparing => _owned.NextRevocation(_isCooperative
            ? _owned.All.Where(partition => !_subscription.Topics.Contains(partition.Topic))
            : _owned.All),
        ClassicPhase.Stable => _owned.NextTowardsTarget(),
        _ => null,
    };

    /// <summary>The application did not poll: its partitions go to somebody who does.</summary>
    private void Expire()
    {
        if (_settings.InstanceId is null && _memberId.Length > 0)
        {
            _farewells.Enqueue(ClassicRequests.Leave(_settings, _memberId, "max.poll.interval.ms is over"));
            _memberId = "";
        }

        _generation = -1;
        _phase = ClassicPhase.Outside;
        _owned.LoseAll();
    }

    private bool MayJoin() => !_owned.IsBusy && NextStep() is null;

    private void Rejoin(string reason)
    {
        _phase = ClassicPhase.Preparing;
        _rejoinReason = reason;
        _owned.DropTarget();
    }

    private void Reset(bool keepsId, string reason)
    {
        _generation = -1;
        _memberId = keepsId ? _memberId : "";
        _owned.LoseAll();
        Rejoin(reason);
    }

    private void Fail(KafkaException failure)
    {
        Failure = failure;
        _generation = -1;
        _phase = ClassicPhase.Outside;
        _owned.LoseAll();
    }

    private GroupAction.Send Join()
    {
        _joinedWith = _subscription;
        string reason = _rejoinReason ?? "";
        _rejoinReason = null;
        _watch.End();
        return ClassicRequests.Join(
            _settings, _memberId,
            _assignors.Select(assignor => (assignor, GroupCodec.EncodeSubscription(
                _joinedWith.Topics, assignor.UserData(_owned.LastAssigned, _owned.LastGeneration), _owned.All,
                _generation, _settings.Options.Rack))),
            reason);
    }

    private GroupAction? Heartbeat(long nowMs, ref long nextMs)
    {
        if (!IsMember)
        {
            return null; // waits for the application
        }

        if (nowMs < _heartbeatAtMs)
        {
            nextMs = Math.Min(nextMs, _heartbeatAtMs);
            return null;
        }

        return ClassicRequests.Heartbeat(_settings, _memberId, _generation);
    }

    private IPartitionAssignor? AssignorOf(string? protocol) =>
        _assignors.FirstOrDefault(assignor => assignor.Name == protocol);

    private ErrorCode OnJoin(JoinGroupResponse answer)
    {
        if (answer.ErrorCode == ErrorCode.MemberIdRequired && _memberId.Length == 0)
        {
            _memberId = answer.MemberId; // KIP-394: known before it counts
            return ErrorCode.None;
        }

        if (answer.ErrorCode != ErrorCode.None)
        {
            return answer.ErrorCode;
        }

        if (AssignorOf(answer.ProtocolName) is null || answer.MemberId.Length == 0 || answer.GenerationId < 0)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        (_memberId, _generation, _protocol) = (answer.MemberId, answer.GenerationId, answer.ProtocolName);
        _assignments = new Dictionary<string, List<TopicPartition>>();
        bool leads = answer.Leader == _memberId;
        _group = leads ? [.. answer.Members.DistinctBy(member => member.MemberId).Select(GroupCodec.DecodeMember)] : [];
        _phase = leads && !answer.SkipAssignment ? ClassicPhase.Assigning : ClassicPhase.Syncing;
        return ErrorCode.None;
    }

    private ErrorCode OnSync(SyncGroupResponse answer)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            return answer.ErrorCode;
        }

        if (GroupCodec.DecodeAssignment(answer.Assignment) is not { } partitions)
        {
            Fail(new KafkaException(ErrorCode.CorruptMessage, "the assignment cannot be read"));
            return ErrorCode.None;
        }

        _owned.Aim(partitions, _generation);
        _phase = ClassicPhase.Stable;
        return ErrorCode.None;
    }

    private void OnError(ErrorCode error, string? reason, long nowMs)
    {
        switch (error)
        {
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                if (_phase is ClassicPhase.Joining or ClassicPhase.Syncing)
                {
                    _retryAtMs = nowMs + _settings.BackoffMs(++_failures);
                }

                Reset(keepsId: error == ErrorCode.IllegalGeneration, "the group does not know this member any more");
                break;
            case ErrorCode.RebalanceInProgress when _phase == ClassicPhase.Preparing:
                _heartbeatAtMs = nowMs + _settings.HeartbeatMs;
                break;
            case ErrorCode.RebalanceInProgress when _phase is ClassicPhase.Stable or ClassicPhase.Syncing:
                _heartbeatAtMs = nowMs + _settings.HeartbeatMs; // while the application gives up what it has
                Rejoin("the group rebalances");
                break;
            case ErrorCode.RebalanceInProgress:
                _retryAtMs = nowMs + _settings.BackoffMs(++_failures);
                break;
            default:
                if (!ErrorCodes.IsRetriable(error))
                {
                    Fail(new KafkaException(error, reason));
                    break;
                }

                _retryAtMs = nowMs + _settings.BackoffMs(++_failures);
                if (_phase == ClassicPhase.Syncing)
                {
                    Rejoin("the assignment did not come"); // the next coordinator knows no sync to repeat
                }

                break;
        }
    }

    private void LeaveWhatWasJoinedTooLate(IApiMessage? answer)
    {
        if (answer is JoinGroupResponse { ErrorCode: ErrorCode.None, MemberId.Length: > 0 } join
            && join.MemberId != _memberId && _settings.InstanceId is null)
        {
            _farewells.Enqueue(ClassicRequests.Leave(_settings, join.MemberId, "the consumer has left meanwhile"));
        }
    }
}
