using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DescribeProducers v0 (KIP-664): what the logs of this node know of their producers.</summary>
internal sealed class DescribeProducersHandler(ReplicaManager replicas) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var response = new DescribeProducersResponse();
        foreach (DescribeProducersRequest.TopicRequest topic in ((DescribeProducersRequest)request).Topics)
        {
            var answers = new DescribeProducersResponse.TopicResponse { Name = topic.Name };
            response.Topics.Add(answers);
            foreach (int index in topic.PartitionIndexes)
            {
                answers.Partitions.Add(await DescribeAsync(new TopicPartition(topic.Name, index)));
            }
        }

        return response;
    }

    private async Task<DescribeProducersResponse.PartitionResponse> DescribeAsync(TopicPartition name)
    {
        var answer = new DescribeProducersResponse.PartitionResponse { PartitionIndex = name.Partition };
        if (replicas.Get(name) is not { } partition)
        {
            answer.ErrorCode = replicas.WhyMissing(name.Topic, name.Partition);
            if (!replicas.Image.Topics.TryGet(name.Topic, out _))
            {
                // Of an unknown partition of a known topic Kafka says no more.
                answer.ErrorMessage = ErrorCodes.Message(answer.ErrorCode);
            }

            return answer;
        }

        TaskCompletionSource<IReadOnlyList<ProducerView>> read = new();
        partition.Post(() => read.SetResult(partition.Log.Producers.Active));
        foreach (ProducerView producer in await read.Task)
        {
            answer.ActiveProducers.Add(new DescribeProducersResponse.ProducerState
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.ProducerEpoch,
                LastSequence = producer.LastSequence,
                LastTimestamp = producer.LastTimestampMs,
                CoordinatorEpoch = producer.CoordinatorEpoch,
                CurrentTxnStartOffset = producer.CurrentTxnStartOffset,
            });
        }

        return answer;
    }
}
