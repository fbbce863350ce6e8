using System.Globalization;
using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>A member of a group of the consumer protocol (KIP-848): one request, a heartbeat.</summary>
internal sealed class ConsumerMembership : IMembership
{
    public const int SessionTimeoutMs = 1500;
    private const int LeaveEpoch = -1;
    private const int LeaveForNowEpoch = -2;
    private const int RebalanceTimeoutMs = 2500;
    private readonly SimClient _client;
    private readonly CoordinatorFinder _finder;
    private readonly ClusterView _view;
    private readonly ClientHistory _history;
    private readonly GroupTopic _topic;
    private readonly string? _instanceId;
    private readonly HashSet<(string MemberId, int Epoch)> _epochs = [];
    private readonly HashSet<(string MemberId, int Epoch)> _gone = [];
    private string _memberId = "";
    private int _epoch;
    private int _lives;
    private long _nextHeartbeatMs;
    private ErrorCode? _lastError;

    public ConsumerMembership(
        SimClient client, CoordinatorFinder finder, ClusterView view, ClientHistory history, GroupTopic topic,
        string? instanceId)
    {
        (_client, _finder, _view, _history, _topic, _instanceId) = (client, finder, view, history, topic, instanceId);
        Forget();
    }

    public GroupIdentity Identity => new(_memberId, _instanceId, _epoch);

    public bool IsMember => _epoch > 0;

    public IReadOnlyList<PartitionId> Owned { get; private set; } = [];

    public int AssignmentCount { get; private set; }

    public Func<Task>? Revoking { get; set; }

    public string State => $"{_topic.Group} member {_memberId} {_instanceId} epoch {_epoch}, owns "
        + $"{string.Join(' ', Owned)}, last answer {_lastError}";

    private long NowMs => _client.World.Scheduler.NowMs;

    public async Task StepAsync()
    {
        if (NowMs < _nextHeartbeatMs)
        {
            return;
        }

        if (_view.TopicId(_topic.Topic) is not { } topicId)
        {
            await _view.RefreshAsync(_topic.Topic);
            return;
        }

        ConsumerGroupHeartbeatRequest request = Request(topicId);
        IApiMessage? answer = await _finder.AskAsync(request, ConsumerGroupHeartbeatRequest.HighestVersion, "group");
        _nextHeartbeatMs = NowMs + _client.Chance.Between(20, 400);
        switch (answer)
        {
            case ConsumerGroupHeartbeatResponse { ErrorCode: ErrorCode.None } told:
                await TakeAsync(told);
                break;
            case ConsumerGroupHeartbeatResponse { ErrorCode: var error }:
                Told(error);
                break;
        }
    }

    public async Task<bool> LeaveAsync()
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = _topic.Group,
            MemberId = _memberId,
            InstanceId = _instanceId,
            MemberEpoch = _instanceId is null || _client.Chance.Below(3) == 0 ? LeaveEpoch : LeaveForNowEpoch,
        };
        IApiMessage? answer = await _finder.AskAsync(request, ConsumerGroupHeartbeatRequest.HighestVersion, "group");
        bool isHeard = answer is ConsumerGroupHeartbeatResponse { ErrorCode: ErrorCode.None };
        if (isHeard)
        {
            BuryEpochs();
        }

        _client.Say($"{_memberId} leaves {_topic.Group} with {request.MemberEpoch}{(isHeard ? "" : ", not heard")}");
        Forget();
        return isHeard;
    }

    public void Told(ErrorCode error)
    {
        _lastError = error;
        _client.Say($"{_memberId} in epoch {_epoch} of {_topic.Group} is told {error}");
        switch (error)
        {
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                // It joins again under its own id.
                if (error == ErrorCode.UnknownMemberId)
                {
                    BuryEpochs();
                }

                Owned = [];
                AssignmentCount++;
                _epoch = 0;
                break;
            case ErrorCode.FencedInstanceId:
                Forget();
                _nextHeartbeatMs = NowMs + _client.Chance.Between(500, 3000);
                break;
            case ErrorCode.UnreleasedInstanceId:
            // The epoch has moved on since the request left: the next heartbeat tells.
            case ErrorCode.StaleMemberEpoch:
            case var _ when _finder.IsMisplaced(error) || ErrorCodes.IsRetriable(error):
                break;
            default:
                _history.Anomalies.Add($"{State}: {error}");
                Forget();
                break;
        }
    }

    public void Forget()
    {
        Owned = [];
        AssignmentCount++;
        _epoch = 0;
        _memberId = string.Create(CultureInfo.InvariantCulture, $"member-{_client.Id}-{++_lives}");
    }

    /// <summary>Of a member that has left, or was told that it is none. A member's earlier epochs still count for what
    /// it was assigned in them or before (KIP-1251).</summary>
    public bool IsPast(GroupIdentity identity) => _gone.Contains((identity.MemberId, identity.Epoch));

    private ConsumerGroupHeartbeatRequest Request(Uuid topicId)
    {
        var request = new ConsumerGroupHeartbeatRequest
        {
            GroupId = _topic.Group,
            MemberId = _memberId,
            InstanceId = _instanceId,
            MemberEpoch = _epoch,
            TopicPartitions = Owned.Count == 0
                ? []
                :
                [
                    new ConsumerGroupHeartbeatRequest.TopicPartitionsValue
                    {
                        TopicId = topicId,
                        Partitions = [.. Owned.Select(partition => partition.Partition)],
                    },
                ],
        };
        if (_epoch == 0)
        {
            request.RebalanceTimeoutMs = RebalanceTimeoutMs;
            if (_client.Chance.Below(3) == 0)
            {
                request.SubscribedTopicRegex = $"{_topic.Topic}.*";
                request.SubscribedTopicNames = [];
            }
            else
            {
                request.SubscribedTopicNames = [_topic.Topic];
                request.SubscribedTopicRegex = "";
            }
        }

        return request;
    }

    /// <summary>The member is gone with all the epochs that it has had.</summary>
    private void BuryEpochs() => _gone.UnionWith(_epochs.Where(entry => entry.MemberId == _memberId));

    private async Task TakeAsync(ConsumerGroupHeartbeatResponse told)
    {
        _lastError = ErrorCode.None;
        _epoch = told.MemberEpoch;
        _epochs.Add((_memberId, _epoch));
        if (told.Assignment is not { } assignment)
        {
            return;
        }

        PartitionId[] assigned = [.. assignment.TopicPartitions.SelectMany(topic =>
            topic.Partitions.Select(index => new PartitionId(_topic.Topic, index))).Order()];
        if (!assigned.SequenceEqual(Owned))
        {
            if (Owned.Except(assigned).Any() && Revoking is { } revoking)
            {
                await revoking();
                if (_epoch == 0)
                {
                    // The commit was told that it is no member any more.
                    return;
                }
            }

            Owned = assigned;
            _nextHeartbeatMs = NowMs + _client.Chance.Between(0, 60);
        }

        _client.Say($"{_memberId} in epoch {_epoch} of {_topic.Group}: {string.Join(' ', Owned)}");
        _history.Operations.Assigned(_topic.Group, _epoch, _instanceId ?? _memberId, assigned);
    }
}
