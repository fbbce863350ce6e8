using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Property.Groups;

/// <summary>A member of the consumer protocol.</summary>
internal sealed class ModelConsumer(GroupWorld world, string groupId, string name) : ModelMember(world, groupId, name)
{
    private bool _isFull = true;

    public override bool IsClassic => false;

    public override void Step()
    {
        ConsumerGroupHeartbeatRequest request = new()
        {
            GroupId = GroupId,
            MemberId = Id,
            InstanceId = InstanceId,
            MemberEpoch = Epoch,
            RebalanceTimeoutMs = _isFull ? 20_000 : -1,
            SubscribedTopicNames = _isFull ? [.. Topics] : null,
            TopicPartitions = [.. Owned.GroupBy(partition => partition.TopicId).Select(
                topic => new ConsumerGroupHeartbeatRequest.TopicPartitionsValue
                {
                    TopicId = topic.Key,
                    Partitions = [.. topic.Select(partition => partition.Partition)],
                })],
        };
        ConsumerGroupHeartbeatResponse? answer = Send(request);
        switch (answer?.ErrorCode)
        {
            case null:
                return;
            case ErrorCode.None:
                _isFull = false;
                Epoch = answer.MemberEpoch;
                if (answer.Assignment is { } assignment)
                {
                    Owned = [.. assignment.TopicPartitions.SelectMany(topic => topic.Partitions.Select(
                        index => new TopicIdPartition(topic.TopicId, index)))];
                }

                break;
            default:
                Restart();
                break;
        }
    }

    public void Subscribe(IEnumerable<string> topics)
    {
        Topics = Topics.Clear().Union(topics);
        _isFull = true;
    }

    public override void Leave()
    {
        Send(new ConsumerGroupHeartbeatRequest
        {
            GroupId = GroupId,
            MemberId = Id,
            InstanceId = InstanceId,
            MemberEpoch = -1,
        });
        Restart();
    }

    public override void Disconnected() => _isFull = true;

    private void Restart()
    {
        Owned = [];
        Epoch = 0;
        _isFull = true;
    }

    private ConsumerGroupHeartbeatResponse? Send(ConsumerGroupHeartbeatRequest request) =>
        World.AskNow<ConsumerGroupHeartbeatResponse>((shard, reply) => shard.Consumers.Heartbeat(
            shard.Find(GroupId), request, new GroupClient(Name, "/host", 1), reply));
}
