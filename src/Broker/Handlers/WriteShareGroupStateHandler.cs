using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>WriteShareGroupState v0-1 (KIP-932). v1 how many records are done (KIP-1226).</summary>
internal sealed class WriteShareGroupStateHandler(ShareStateCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var asked = (WriteShareGroupStateRequest)request;
        WriteShareGroupStateResponse response = new();
        if (asked.GroupId.Length == 0 || asked.Topics.Exists(static topic => topic.Partitions.Count == 0))
        {
            return response;
        }

        foreach (WriteShareGroupStateRequest.WriteStateData topic in asked.Topics)
        {
            Task<StateAnswer>[] answers = [.. topic.Partitions.Select(partition =>
            {
                SharePartitionKey key = new(asked.GroupId, topic.TopicId, partition.Partition);
                return coordinator.WriteAsync(key, WriteOf(partition));
            })];
            WriteShareGroupStateResponse.WriteStateResult result = new() { TopicId = topic.TopicId };
            for (int i = 0; i < answers.Length; i++)
            {
                StateAnswer answer = await answers[i];
                result.Partitions.Add(new WriteShareGroupStateResponse.PartitionResult
                {
                    Partition = topic.Partitions[i].Partition,
                    ErrorCode = answer.Error,
                    ErrorMessage = answer.Message,
                });
            }

            response.Results.Add(result);
        }

        return response;
    }

    private static StateWrite WriteOf(WriteShareGroupStateRequest.PartitionData partition) => new(
        partition.StateEpoch, partition.LeaderEpoch, partition.StartOffset, partition.DeliveryCompleteCount,
        [.. partition.StateBatches.Select(batch => new StateBatch(
            batch.FirstOffset, batch.LastOffset, (RecordState)batch.DeliveryState, batch.DeliveryCount))]);
}
