using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DeleteRecords v0-2 (KIP-107): answered when all living replicas have moved their log start.</summary>
public sealed class DeleteRecordsHandler(ReplicaManager replicas) : IRequestHandler
{
    private static readonly string[] s_internalTopics =
        ["__consumer_offsets", "__transaction_state", "__share_group_state"];

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var delete = (DeleteRecordsRequest)request;
        var response = new DeleteRecordsResponse();
        List<(RecordDeletion, DeleteRecordsResponse.DeleteRecordsPartitionResult)> started = [];
        foreach (DeleteRecordsRequest.DeleteRecordsTopic topic in delete.Topics)
        {
            var answers = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            foreach (DeleteRecordsRequest.DeleteRecordsPartition asked in topic.Partitions)
            {
                var answer = new DeleteRecordsResponse.DeleteRecordsPartitionResult
                {
                    PartitionIndex = asked.PartitionIndex,
                    LowWatermark = -1,
                    ErrorCode = Check(topic.Name, asked.PartitionIndex),
                };
                answers.Partitions.Add(answer);
                if (answer.ErrorCode == ErrorCode.None)
                {
                    var name = new TopicPartition(topic.Name, asked.PartitionIndex);
                    started.Add((replicas.Delete(name, asked.Offset, delete.TimeoutMs), answer));
                }
            }

            response.Topics.Add(answers);
        }

        foreach ((RecordDeletion deletion, DeleteRecordsResponse.DeleteRecordsPartitionResult answer) in started)
        {
            await deletion.Completion;
            answer.ErrorCode = deletion.Error;
            answer.LowWatermark = deletion.LowWatermark;
        }

        return response;
    }

    private ErrorCode Check(string topic, int partition)
    {
        if (replicas.Image.Topics.Partition(topic, partition) is null)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (Array.IndexOf(s_internalTopics, topic) >= 0)
        {
            return ErrorCode.InvalidTopic;
        }

        return replicas.Get(new TopicPartition(topic, partition)) is null
            ? ErrorCode.NotLeaderOrFollower
            : ErrorCode.None;
    }
}
