using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ReadShareGroupState v0 (KIP-932): a new leader of share partitions reads what is kept of them.</summary>
internal sealed class ReadShareGroupStateHandler(ShareStateCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var asked = (ReadShareGroupStateRequest)request;
        ReadShareGroupStateResponse response = new();
        if (asked.GroupId.Length == 0 || asked.Topics.Exists(static topic => topic.Partitions.Count == 0))
        {
            return response;
        }

        foreach (ReadShareGroupStateRequest.ReadStateData topic in asked.Topics)
        {
            Task<StateAnswer>[] answers = [.. topic.Partitions.Select(partition =>
            {
                SharePartitionKey key = new(asked.GroupId, topic.TopicId, partition.Partition);
                return coordinator.ReadAsync(key, partition.LeaderEpoch);
            })];
            ReadShareGroupStateResponse.ReadStateResult result = new() { TopicId = topic.TopicId };
            for (int i = 0; i < answers.Length; i++)
            {
                StateAnswer answer = await answers[i];
                result.Partitions.Add(new ReadShareGroupStateResponse.PartitionResult
                {
                    Partition = topic.Partitions[i].Partition,
                    ErrorCode = answer.Error,
                    ErrorMessage = answer.Message,
                    StateEpoch = answer.State?.StateEpoch ?? 0,
                    StartOffset = answer.State?.StartOffset ?? 0,
                    StateBatches = BatchesOf(answer.State),
                });
            }

            response.Results.Add(result);
        }

        return response;
    }

    private static List<ReadShareGroupStateResponse.StateBatch> BatchesOf(PersistedState? state) =>
        [.. (state?.Batches ?? []).Select(batch => new ReadShareGroupStateResponse.StateBatch
        {
            FirstOffset = batch.FirstOffset,
            LastOffset = batch.LastOffset,
            DeliveryState = (sbyte)batch.State,
            DeliveryCount = batch.DeliveryCount,
        })];
}
