using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>DeleteShareGroupState v0 (KIP-932): share partitions are forgotten.</summary>
internal sealed class DeleteShareGroupStateHandler(ShareStateCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var asked = (DeleteShareGroupStateRequest)request;
        DeleteShareGroupStateResponse response = new();
        if (asked.GroupId.Length == 0 || asked.Topics.Exists(static topic => topic.Partitions.Count == 0))
        {
            return response;
        }

        foreach (DeleteShareGroupStateRequest.DeleteStateData topic in asked.Topics)
        {
            Task<StateAnswer>[] answers = [.. topic.Partitions.Select(partition =>
            {
                SharePartitionKey key = new(asked.GroupId, topic.TopicId, partition.Partition);
                return coordinator.DeleteAsync(key);
            })];
            DeleteShareGroupStateResponse.DeleteStateResult result = new() { TopicId = topic.TopicId };
            for (int i = 0; i < answers.Length; i++)
            {
                StateAnswer answer = await answers[i];
                result.Partitions.Add(new DeleteShareGroupStateResponse.PartitionResult
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
}
