using KRaftSharp.Broker.Coordination;
using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A member of the classic protocol that gives everything up before it joins; the leader assigns in turn.
/// </summary>
internal sealed class ModelClassic : ModelMember
{
    private Task<Outcome<JoinGroupResponse>>? _join;
    private Task<Outcome<SyncGroupResponse>>? _sync;
    private bool _mustJoin = true;
    private bool _isLeader;
    private int _assignedCount;

    public ModelClassic(GroupWorld world, string groupId, string name)
        : base(world, groupId, name) => Id = "";

    public override bool IsClassic => true;

    public override void Step()
    {
        if (_join is { } join)
        {
            if (join.IsCompleted)
            {
                _join = null;
                Joined(join.GetAwaiter().GetResult().Value);
            }
        }
        else if (_sync is { } sync)
        {
            if (sync.IsCompleted)
            {
                _sync = null;
                Synced(sync.GetAwaiter().GetResult().Value);
            }
        }
        else if (_mustJoin)
        {
            Join();
        }
        else
        {
            Heartbeat();
        }
    }

    public override void Leave()
    {
        (_join, _sync, _mustJoin) = (null, null, true);
        Owned = [];
        World.AskNow<LeaveGroupResponse>((shard, reply) => ClassicDispatch.Leave(
            shard,
            new LeaveGroupRequest
            {
                GroupId = GroupId,
                Members = [new() { MemberId = Id, GroupInstanceId = InstanceId }],
            },
            reply));
        Id = "";
    }

    public override void Disconnected()
    {
        if (_join is { IsCompleted: false } || _sync is { IsCompleted: false })
        {
            (_join, _sync, _mustJoin) = (null, null, true);
            Owned = [];
        }
    }

    private void Join()
    {
        Owned = [];
        ConsumerProtocolSubscription subscription = new() { Topics = [.. Topics] };
        _join = World.Ask<JoinGroupResponse>((shard, reply) => ClassicDispatch.Join(
            shard,
            new JoinGroupRequest
            {
                GroupId = GroupId,
                MemberId = Id,
                GroupInstanceId = InstanceId,
                SessionTimeoutMs = 30_000,
                RebalanceTimeoutMs = 20_000,
                ProtocolType = "consumer",
                Protocols =
                [
                    new() { Name = "range", Metadata = VersionPrefixCodec.Encode(subscription, 1) },
                ],
            },
            new GroupClient(Name, "/host", 5), reply));
    }

    private void Joined(JoinGroupResponse? answer)
    {
        switch (answer?.ErrorCode)
        {
            case ErrorCode.None:
                break;
            case ErrorCode.MemberIdRequired:
                Id = answer.MemberId;
                return;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                Id = "";
                return;
            default:
                return;
        }

        (Id, Epoch, _mustJoin, _isLeader) =
            (answer.MemberId, answer.GenerationId, false, answer.Leader == answer.MemberId);
        _assignedCount = PartitionCount();
        _sync = World.Ask<SyncGroupResponse>((shard, reply) => ClassicDispatch.Sync(
            shard,
            new SyncGroupRequest
            {
                GroupId = GroupId,
                MemberId = Id,
                GroupInstanceId = InstanceId,
                GenerationId = Epoch,
                Assignments = _isLeader ? Assign(answer) : [],
            },
            reply));
    }

    private void Synced(SyncGroupResponse? answer)
    {
        if (answer?.ErrorCode != ErrorCode.None)
        {
            Refused(answer?.ErrorCode);
            return;
        }

        Owned = ConsumerAssignments.Partitions(
            ConsumerAssignments.Assignment(answer.Assignment)!.AssignedPartitions
                .Select(topic => (topic.Topic, topic.Partitions.AsEnumerable())),
            World.Image.Topics);
    }

    private void Heartbeat()
    {
        HeartbeatResponse? answer = World.AskNow<HeartbeatResponse>((shard, reply) => ClassicDispatch.Heartbeat(
            shard,
            new HeartbeatRequest
            {
                GroupId = GroupId,
                MemberId = Id,
                GroupInstanceId = InstanceId,
                GenerationId = Epoch,
            },
            reply));
        if (answer?.ErrorCode is { } error && error != ErrorCode.None)
        {
            Refused(error);
        }

        // A leader looks after the topics.
        _mustJoin |= _isLeader && PartitionCount() != _assignedCount;
    }

    private int PartitionCount() =>
        Topics.Sum(topic => World.Image.Topics.TryGet(topic, out var known) ? known.Partitions.Count : 0);

    private void Refused(ErrorCode? error)
    {
        Owned = [];
        _mustJoin = true;
        if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
        {
            Id = "";
        }
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> Assign(JoinGroupResponse answer)
    {
        Dictionary<string, ConsumerProtocolAssignment> assignments = answer.Members.ToDictionary(
            member => member.MemberId, _ => new ConsumerProtocolAssignment(), StringComparer.Ordinal);
        int next = 0;
        foreach (string topic in answer.Members.SelectMany(
            member => ConsumerAssignments.Subscription(member.Metadata)!.Topics).Distinct().Order())
        {
            string[] takers = [.. answer.Members.Where(member => ConsumerAssignments.Subscription(member.Metadata)!
                .Topics.Contains(topic)).Select(member => member.MemberId)];
            int count = World.Image.Topics.TryGet(topic, out var known) ? known.Partitions.Count : 0;
            for (int index = 0; index < count; index++)
            {
                assignments[takers[next++ % takers.Length]].AssignedPartitions.Add(
                    new() { Topic = topic, Partitions = [index] });
            }
        }

        return [.. assignments.Select(assignment => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = assignment.Key,
            Assignment = VersionPrefixCodec.Encode(assignment.Value, 1),
        })];
    }
}
