using System.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Consumer.Groups;

/// <summary>A member of a group by KIP-848: the coordinator assigns, and heartbeats bring the assignment here and
/// what is
/// owned there.</summary>
internal sealed class ConsumerMembership : IMembership
{
    private const int NotJoined = 0;
    private const int LeavingEpoch = -1;
    private const int StaticLeavingEpoch = -2;

    // Regular expressions came with version 1.
    private static readonly VersionRange Versions = new(0, short.MaxValue);
    private static readonly VersionRange WithRegex = new(1, short.MaxValue);

    private readonly MembershipSettings _settings;
    private readonly OwnedPartitions _owned = new();
    private readonly PollWatch _polls;
    private readonly SaidToCoordinator _said = new();
    private readonly Queue<GroupAction.Send> _farewells = [];
    private readonly TopicNames _topics;
    private readonly string _memberId;
    private GroupSubscription _subscription = GroupSubscription.Nothing;
    private GroupAction? _pending;
    private bool _isInside;
    private int _epoch = NotJoined;
    private long _intervalMs;
    private long _heartbeatAtMs;
    private long _retryAtMs;
    private int _failures;

    public ConsumerMembership(MembershipSettings settings)
    {
        _settings = settings;
        _polls = new PollWatch(settings.MaxPollMs);
        _topics = new TopicNames(settings.BackoffMs);
        _intervalMs = settings.HeartbeatMs;
        Chance chance = settings.Chance;
        _memberId = new Uuid((long)chance.NextBits(), (long)chance.NextBits()).ToString();
    }

    public KafkaException? Failure { get; private set; }

    public ConsumerGroupMetadata Metadata => _epoch > NotJoined
        ? new(_settings.GroupId, _epoch, _memberId, _settings.InstanceId)
        : new(_settings.GroupId, -1, "", _settings.InstanceId);

    public void Subscribe(GroupSubscription subscription) => _subscription = subscription;

    public bool PollBegins(long nowMs)
    {
        _polls.Begin();
        if (_isInside || _subscription.IsEmpty || Failure is not null)
        {
            return false;
        }

        return _isInside = true;
    }

    public void PollEnds(long nowMs) => _polls.End(nowMs);

    public void OnView(ClusterView view)
    {
        // The coordinator watches the topics.
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

        if (Failure is not null || !_isInside)
        {
            return null;
        }

        if (nowMs >= _polls.ExpiresAtMs)
        {
            _farewells.Enqueue(Farewell(forGood: false));
            Lose();
            _isInside = false; // until the application polls again
            return Next(nowMs, out nextMs);
        }

        nextMs = _polls.ExpiresAtMs;
        if (_topics.Next(nowMs, ref nextMs) is { } resolve)
        {
            return _pending = resolve;
        }

        if (_epoch == NotJoined && !_owned.IsSettled)
        {
            return null; // what was lost must be let go of before this member begins anew
        }

        long atMs = Math.Max(HasNews() ? 0 : _heartbeatAtMs, _retryAtMs);
        if (nowMs < atMs)
        {
            nextMs = Math.Min(nextMs, atMs);
            return null;
        }

        return _pending = Heartbeat();
    }

    public void OnAnswer(GroupAction.Send sent, IApiMessage? answer, ErrorCode error, string? reason, long nowMs)
    {
        if (!ReferenceEquals(sent, _pending))
        {
            LeaveWhatWasJoinedTooLate(sent, answer);
            return;
        }

        _pending = null;
        if (((ConsumerGroupHeartbeatRequest)sent.Request).MemberEpoch < 0)
        {
            return;
        }

        if (answer is not ConsumerGroupHeartbeatResponse heartbeat)
        {
            OnError(error, reason, nowMs);
            return;
        }

        if (heartbeat.ErrorCode != ErrorCode.None)
        {
            OnError(heartbeat.ErrorCode, heartbeat.ErrorMessage, nowMs);
            return;
        }

        (_failures, _retryAtMs) = (0, 0);
        _epoch = heartbeat.MemberEpoch;
        _intervalMs = heartbeat.HeartbeatIntervalMs > 0 ? heartbeat.HeartbeatIntervalMs : _settings.HeartbeatMs;
        _heartbeatAtMs = nowMs + _intervalMs;
        if (heartbeat.Assignment is { } assignment)
        {
            _topics.Aim(assignment.TopicPartitions.SelectMany(
                topic => topic.Partitions.Select(index => (topic.TopicId, index))));
        }

        AimIfResolved();
    }

    public void OnAssigned(
        GroupAction.Assign asked, IReadOnlyDictionary<string, List<TopicPartition>>? assignment, ClusterView view,
        string? reason) => throw new UnreachableException("the coordinator assigns");

    public void OnResolved(ClusterView view, bool isComplete, long nowMs)
    {
        _pending = null;
        _topics.OnResolved(view, isComplete, nowMs);
        AimIfResolved();
    }

    public RebalanceStep? TakeStep() => _owned.Take(
        _owned.NextLoss() ?? (_epoch > NotJoined ? _owned.NextTowardsTarget() : null));

    public void StepDone(RebalanceStep step) => _owned.Done(step);

    public void OnCommitRefused(ErrorCode error, ConsumerGroupMetadata by)
    {
        if (by.GenerationId == _epoch && error is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch)
        {
            Lose();
        }
    }

    public GroupAction.Send? Leave(bool forGood)
    {
        GroupAction.Send? farewell = _epoch > NotJoined || _pending is GroupAction.Send ? Farewell(forGood) : null;
        _pending = null;
        _isInside = false;
        _owned.Forget();
        Begin();
        return farewell;
    }

    private GroupAction.Send Farewell(bool forGood) => new(
        new ConsumerGroupHeartbeatRequest
        {
            GroupId = _settings.GroupId,
            MemberId = _memberId,
            InstanceId = _settings.InstanceId,
            MemberEpoch = _settings.InstanceId is null || forGood ? LeavingEpoch : StaticLeavingEpoch,
        },
        Versions, _settings.Options.RequestTimeout);

    private bool HasNews() =>
        _epoch == NotJoined || _said.IsNews(_subscription) || (_owned.IsSettled && _said.IsNews(_owned.All));

    private GroupAction.Send Heartbeat()
    {
        bool isJoin = _epoch == NotJoined;
        if (isJoin)
        {
            _said.Forget();
        }

        ConsumerGroupHeartbeatRequest request = new()
        {
            GroupId = _settings.GroupId,
            MemberId = _memberId,
            MemberEpoch = _epoch,
            InstanceId = _settings.InstanceId,
        };
        if (_said.IsAnew)
        {
            request.RackId = _settings.Options.Rack.Length > 0 ? _settings.Options.Rack : null;
            request.RebalanceTimeoutMs = _settings.MaxPollMs;
            request.ServerAssignor = _settings.Options.GroupRemoteAssignor;
        }

        _said.Say(_subscription, request);
        if (_said.IsAnew || _said.IsNews(_owned.All))
        {
            request.TopicPartitions = Owned(isJoin);
            _said.Say(_owned.All);
        }

        return new GroupAction.Send(
            request, request.SubscribedTopicRegex is null ? Versions : WithRegex, _settings.Options.RequestTimeout);
    }

    private List<ConsumerGroupHeartbeatRequest.TopicPartitionsValue> Owned(bool isJoin)
    {
        if (isJoin)
        {
            return [];
        }

        Dictionary<string, Uuid> ids = _topics.Ids;
        return
        [
            .. _owned.All.Where(partition => ids.ContainsKey(partition.Topic)).GroupBy(partition => partition.Topic)
                .Select(topic => new ConsumerGroupHeartbeatRequest.TopicPartitionsValue
                {
                    TopicId = ids[topic.Key],
                    Partitions = [.. topic.Select(partition => partition.Partition)],
                }),
        ];
    }

    private void AimIfResolved()
    {
        if (_topics.TakeResolved() is { } partitions)
        {
            _owned.Aim(partitions, _epoch);
        }
    }

    private void OnError(ErrorCode error, string? reason, long nowMs)
    {
        _said.Forget(); // whether it arrived is unknown: the next heartbeat says everything
        switch (error)
        {
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId:
                if (_epoch == NotJoined)
                {
                    _retryAtMs = nowMs + _settings.BackoffMs(++_failures);
                }

                Lose();
                break;
            default:
                if (ErrorCodes.IsRetriable(error))
                {
                    _retryAtMs = nowMs + _settings.BackoffMs(++_failures);
                    break;
                }

                Failure = new KafkaException(error, reason);
                Lose();
                break;
        }
    }

    private void Lose()
    {
        _owned.LoseAll();
        Begin();
    }

    private void Begin()
    {
        _epoch = NotJoined;
        _topics.Forget();
        _said.Forget();
    }

    private void LeaveWhatWasJoinedTooLate(GroupAction.Send sent, IApiMessage? answer)
    {
        if (!_isInside && answer is ConsumerGroupHeartbeatResponse { ErrorCode: ErrorCode.None, MemberEpoch: > 0 }
            && sent.Request is ConsumerGroupHeartbeatRequest { MemberEpoch: >= 0 })
        {
            _farewells.Enqueue(Farewell(forGood: false));
        }
    }
}
