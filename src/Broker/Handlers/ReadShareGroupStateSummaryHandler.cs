using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>ReadShareGroupStateSummary v0-1 (KIP-932). v1 how many records are done (KIP-1226).</summary>
internal sealed class ReadShareGroupStateSummaryHandler(ShareStateCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var asked = (ReadShareGroupStateSummaryRequest)request;
        ReadShareGroupStateSummaryResponse response = new();
        if (asked.GroupId.Length == 0 || asked.Topics.Exists(static topic => topic.Partitions.Count == 0))
        {
            return response;
        }

        foreach (ReadShareGroupStateSummaryRequest.ReadStateSummaryData topic in asked.Topics)
        {
            Task<StateAnswer>[] answers = [.. topic.Partitions.Select(partition =>
            {
                SharePartitionKey key = new(asked.GroupId, topic.TopicId, partition.Partition);
                return coordinator.SummarizeAsync(key);
            })];
            ReadShareGroupStateSummaryResponse.ReadStateSummaryResult result = new() { TopicId = topic.TopicId };
            for (int i = 0; i < answers.Length; i++)
            {
                StateAnswer answer = await answers[i];
                result.Partitions.Add(new ReadShareGroupStateSummaryResponse.PartitionResult
                {
                    Partition = topic.Partitions[i].Partition,
                    ErrorCode = answer.Error,
                    ErrorMessage = answer.Message,
                    StateEpoch = answer.State?.StateEpoch ?? 0,
                    LeaderEpoch = answer.State?.LeaderEpoch ?? 0,
                    StartOffset = answer.State?.StartOffset ?? 0,
                    DeliveryCompleteCount = answer.State?.DeliveryCompleteCount ?? PersistedState.NoCount,
                });
            }

            response.Results.Add(result);
        }

        return response;
    }
}
