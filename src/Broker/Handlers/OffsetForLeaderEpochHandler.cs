using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.Replication.Reading;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>OffsetForLeaderEpoch v2-4 (KIP-101, KIP-320). v3 replica id; v4 flexible.</summary>
public sealed class OffsetForLeaderEpochHandler(ReplicaManager replicas) : IRequestHandler
{
    public ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (OffsetForLeaderEpochRequest.OffsetForLeaderTopic topic
            in ((OffsetForLeaderEpochRequest)request).Topics)
        {
            var answers = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            foreach (OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked in topic.Partitions)
            {
                answers.Partitions.Add(Answer(topic.Topic, asked));
            }

            response.Topics.Add(answers);
        }

        return new(response);
    }

    private OffsetForLeaderEpochResponse.EpochEndOffset Answer(
        string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        var answer = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = asked.Partition };
        if (replicas.Get(new TopicPartition(topic, asked.Partition)) is not { } partition)
        {
            answer.ErrorCode = replicas.WhyMissing(topic, asked.Partition);
            return answer;
        }

        answer.ErrorCode = PartitionReader.CheckEpoch(partition.View, asked.CurrentLeaderEpoch, requiresLeader: true);
        if (answer.ErrorCode == ErrorCode.None)
        {
            LogPoint end = partition.Log.EndOffsetForEpoch(asked.LeaderEpoch);
            answer.LeaderEpoch = end.Epoch;
            answer.EndOffset = end.EndOffset;
        }

        return answer;
    }
}
