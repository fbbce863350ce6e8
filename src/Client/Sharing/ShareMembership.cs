using System.Diagnostics;
using KRaftSharp.Client.Consumer.Groups;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Client.Sharing;

/// <summary>A member of a share group (KIP-932): the coordinator assigns, several members may have one partition, and
/// nothing need be given up before it goes to another.</summary>
internal sealed class ShareMembership : IMembership
{
    private const int NotJoined = 0;
    private const int LeavingEpoch = -1;

    private static readonly VersionRange Versions = new(1, short.MaxValue);

    private readonly ShareConsumerOptions _options;
    private readonly Func<int, long> _backoffMs;
    private readonly PollWatch _polls;
    private readonly TopicNames _topics;
    private readonly OwnedPartitions _owned = new();
    private readonly Queue<GroupAction.Send> _farewells = [];
    private GroupSubscription _subscription = GroupSubscription.Nothing;
    private GroupSubscription? _said;
    private GroupAction? _pending;
    private bool _isInside;
    private int _epoch = NotJoined;
    private long _intervalMs;
    private long _heartbeatAtMs;
    private long _retryAtMs;
    private int _failures;

    public ShareMembership(ShareConsumerOptions options, Chance chance)
    {
        _options = options;
        _backoffMs = attempt => (long)chance.Backoff(
            options.RetryBackoff, options.RetryBackoffMax, attempt).TotalMilliseconds;
        _polls = new PollWatch((long)options.MaxPollInterval.TotalMilliseconds);
        _topics = new TopicNames(_backoffMs);
        MemberId = new Uuid((long)chance.NextBits(), (long)chance.NextBits()).ToString();
    }

    /// <summary>As sessions with brokers name it too.</summary>
    public string MemberId { get; }

    public KafkaException? Failure { get; private set; }

    public ConsumerGroupMetadata Metadata => _epoch > NotJoined
        ? new(_options.GroupId, _epoch, MemberId)
        : new(_options.GroupId);

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
            _farewells.Enqueue(Farewell());
            Lose();
            _isInside = false; // until the application polls again
            return Next(nowMs, out nextMs);
        }

        nextMs = _polls.ExpiresAtMs;
        if (_topics.Next(nowMs, ref nextMs) is { } resolve)
        {
            return _pending = resolve;
        }

        bool hasNews = _epoch == NotJoined || _said?.IsSameAs(_subscription) is not true;
        long atMs = Math.Max(hasNews ? 0 : _heartbeatAtMs, _retryAtMs);
        if (nowMs < atMs)
        {
            nextMs = Math.Min(nextMs, atMs);
            return null;
        }

        return _pending = Heartbeat();
    }

    public void OnAnswer(GroupAction.Send sent, IApiMessage? answer, ErrorCode error, string? reason, long nowMs)
    {
        bool isHeartbeat = ((ShareGroupHeartbeatRequest)sent.Request).MemberEpoch >= 0;
        if (!ReferenceEquals(sent, _pending))
        {
            if (isHeartbeat && !_isInside && answer is ShareGroupHeartbeatResponse { ErrorCode: ErrorCode.None })
            {
                _farewells.Enqueue(Farewell()); // what joined too late leaves again
            }

            return;
        }

        _pending = null;
        if (!isHeartbeat)
        {
            return;
        }

        if (answer is not ShareGroupHeartbeatResponse heartbeat)
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
        _intervalMs = heartbeat.HeartbeatIntervalMs;
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

    public void OnCommitRefused(ErrorCode error, ConsumerGroupMetadata by) =>
        throw new UnreachableException("share groups commit no offsets");

    public GroupAction.Send? Leave(bool forGood)
    {
        GroupAction.Send? farewell = _epoch > NotJoined || _pending is GroupAction.Send ? Farewell() : null;
        _pending = null;
        _isInside = false;
        _owned.Forget();
        Begin();
        return farewell;
    }

    private GroupAction.Send Farewell() => new(
        new ShareGroupHeartbeatRequest
        {
            GroupId = _options.GroupId,
            MemberId = MemberId,
            MemberEpoch = LeavingEpoch,
        },
        Versions, _options.RequestTimeout);

    private GroupAction.Send Heartbeat()
    {
        ShareGroupHeartbeatRequest request = new()
        {
            GroupId = _options.GroupId,
            MemberId = MemberId,
            MemberEpoch = _epoch,
        };
        if (_epoch == NotJoined || _said?.IsSameAs(_subscription) is not true)
        {
            request.RackId = _options.Rack.Length > 0 ? _options.Rack : null;
            request.SubscribedTopicNames = [.. _subscription.Topics];
            _said = _subscription;
        }

        return new GroupAction.Send(request, Versions, _options.RequestTimeout);
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
        _said = null; // whether it arrived is unknown: the next heartbeat says everything
        if (error is ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId)
        {
            _retryAtMs = _epoch == NotJoined ? nowMs + _backoffMs(++_failures) : 0;
            Lose();
        }
        else if (ErrorCodes.IsRetriable(error))
        {
            _retryAtMs = nowMs + _backoffMs(++_failures);
        }
        else
        {
            Failure = new KafkaException(error, reason);
            Lose();
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
        _said = null;
    }
}
