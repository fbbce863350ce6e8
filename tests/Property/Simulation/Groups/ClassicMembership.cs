using KRaftSharp.History;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Tests.Property.Simulation.Clients;
using KRaftSharp.Tests.Property.Simulation.Transactions;

namespace KRaftSharp.Tests.Property.Simulation.Groups;

/// <summary>A member of a classic group: joins, syncs, sends heartbeats; the leader assigns.</summary>
internal sealed class ClassicMembership(
    SimClient client, CoordinatorFinder finder, ClientHistory history, GroupProgress progress, GroupTopic topic,
    string? instanceId) : IMembership
{
    public const int SessionTimeoutMs = 1500;
    private const int RebalanceTimeoutMs = 2500;
    private const int JoinPatienceMs = RebalanceTimeoutMs + 4000;
    private const string ProtocolType = "consumer";
    private const string Protocol = "range";
    private const short LeastJoinVersion = 5;
    private const short LeastSyncVersion = 3;
    private const short LeastHeartbeatVersion = 3;
    private const short LeastLeaveVersion = 3;
    private string _memberId = "";
    private int _generation = -1;
    private bool _isJoined;
    private long _nextHeartbeatMs;
    private ErrorCode? _lastError;

    public GroupIdentity Identity => new(_memberId, instanceId, _generation);

    public bool IsMember => _isJoined;

    public IReadOnlyList<PartitionId> Owned { get; private set; } = [];

    public int AssignmentCount { get; private set; }

    public Func<Task>? Revoking { get; set; }

    public string State => $"{topic.Group} member {_memberId} {instanceId} generation {_generation}, "
        + $"{(_isJoined ? "joined" : "out")}, last answer {_lastError}";

    private string Owner => instanceId ?? _memberId;

    private long NowMs => client.World.Scheduler.NowMs;

    public async Task StepAsync()
    {
        if (!_isJoined)
        {
            await JoinAsync();
            return;
        }

        if (NowMs < _nextHeartbeatMs)
        {
            return;
        }

        var request = new HeartbeatRequest
        {
            GroupId = topic.Group,
            MemberId = _memberId,
            GenerationId = _generation,
            GroupInstanceId = instanceId,
        };
        IApiMessage? answer = await finder.AskAsync(
            request, client.AnyVersion(request, LeastHeartbeatVersion), "group");
        _nextHeartbeatMs = NowMs + client.Chance.Between(150, 450);
        if (answer is not HeartbeatResponse heartbeat || heartbeat.ErrorCode == ErrorCode.None)
        {
            return;
        }

        if (heartbeat.ErrorCode == ErrorCode.RebalanceInProgress)
        {
            if (Revoking is { } revoking)
            {
                await revoking();
            }

            GiveUp();
            await JoinAsync();
        }
        else
        {
            Told(heartbeat.ErrorCode);
        }
    }

    public async Task<bool> LeaveAsync()
    {
        var request = new LeaveGroupRequest
        {
            GroupId = topic.Group,
            Members =
            [
                new LeaveGroupRequest.MemberIdentity { MemberId = _memberId, GroupInstanceId = instanceId },
            ],
        };
        IApiMessage? answer = await finder.AskAsync(request, client.AnyVersion(request, LeastLeaveVersion), "group");
        Forget();
        return answer is LeaveGroupResponse { ErrorCode: ErrorCode.None, Members: [{ ErrorCode: ErrorCode.None }] };
    }

    public void Told(ErrorCode error)
    {
        _lastError = error;
        client.Say($"{_memberId} in generation {_generation} of {topic.Group} is told {error}");
        switch (error)
        {
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                Forget();
                break;
            case ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress:
                GiveUp();
                break;
            case var _ when finder.IsMisplaced(error) || ErrorCodes.IsRetriable(error):
                break;
            default:
                history.Anomalies.Add($"{State}: {error}");
                Forget();
                break;
        }
    }

    public void Forget()
    {
        GiveUp();
        _memberId = "";
        _generation = -1;
    }

    public bool IsPast(GroupIdentity identity) => progress.Generation > identity.Epoch;

    private void GiveUp()
    {
        _isJoined = false;
        Owned = [];
    }

    private async Task JoinAsync()
    {
        var request = new JoinGroupRequest
        {
            GroupId = topic.Group,
            SessionTimeoutMs = SessionTimeoutMs,
            RebalanceTimeoutMs = RebalanceTimeoutMs,
            MemberId = _memberId,
            GroupInstanceId = instanceId,
            ProtocolType = ProtocolType,
            Protocols =
            [
                new JoinGroupRequest.JoinGroupRequestProtocol
                {
                    Name = Protocol,
                    Metadata = MemberAssignments.Subscribe(topic.Topic),
                },
            ],
        };
        if (await finder.AskAsync(request, client.AnyVersion(request, LeastJoinVersion), "group", JoinPatienceMs)
            is not JoinGroupResponse joined)
        {
            return;
        }

        if (joined.ErrorCode == ErrorCode.None)
        {
            (_memberId, _generation) = (joined.MemberId, joined.GenerationId);
            await SyncAsync(joined);
        }
        else if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            _memberId = joined.MemberId;
        }
        else
        {
            Told(joined.ErrorCode);
            await client.WaitAsync(20, joined.ErrorCode == ErrorCode.FencedInstanceId ? 3000 : 300);
        }
    }

    private async Task SyncAsync(JoinGroupResponse joined)
    {
        var request = new SyncGroupRequest
        {
            GroupId = topic.Group,
            MemberId = _memberId,
            GenerationId = _generation,
            GroupInstanceId = instanceId,
            ProtocolType = ProtocolType,
            ProtocolName = Protocol,
        };
        if (joined.Leader == _memberId && !joined.SkipAssignment)
        {
            foreach ((string member, List<PartitionId> assigned) in MemberAssignments.Assign(
                [.. joined.Members.Select(member => member.MemberId)], topic.Topic, topic.Partitions))
            {
                request.Assignments.Add(new SyncGroupRequest.SyncGroupRequestAssignment
                {
                    MemberId = member,
                    Assignment = MemberAssignments.Encode(assigned),
                });
            }
        }

        if (await finder.AskAsync(
            request, client.AnyVersion(request, LeastSyncVersion), "group", JoinPatienceMs)
            is not SyncGroupResponse synced)
        {
            return;
        }

        if (synced.ErrorCode != ErrorCode.None)
        {
            Told(synced.ErrorCode);
            return;
        }

        _lastError = ErrorCode.None;
        _isJoined = true;
        AssignmentCount++;
        _nextHeartbeatMs = NowMs + client.Chance.Between(50, 450);
        Owned = MemberAssignments.Decode(synced.Assignment);
        progress.Synced(_generation);
        client.Say($"{_memberId} in generation {_generation} of {topic.Group}: {string.Join(' ', Owned)}");
        history.Operations.Assigned(topic.Group, _generation, Owner, Owned);
    }
}
