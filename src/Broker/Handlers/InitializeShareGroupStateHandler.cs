using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Broker.Handlers;

/// <summary>InitializeShareGroupState v0 (KIP-932): the share coordinator begins share partitions, or begins them
/// anew.</summary>
internal sealed class InitializeShareGroupStateHandler(ShareStateCoordinator coordinator) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var asked = (InitializeShareGroupStateRequest)request;
        InitializeShareGroupStateResponse response = new();
        if (asked.GroupId.Length == 0 || asked.Topics.Exists(static topic => topic.Partitions.Count == 0))
        {
            return response;
        }

        foreach (InitializeShareGroupStateRequest.InitializeStateData topic in asked.Topics)
        {
            Task<StateAnswer>[] answers = [.. topic.Partitions.Select(partition =>
            {
                SharePartitionKey key = new(asked.GroupId, topic.TopicId, partition.Partition);
                return coordinator.InitializeAsync(key, partition.StateEpoch, partition.StartOffset);
            })];
            InitializeShareGroupStateResponse.InitializeStateResult result = new() { TopicId = topic.TopicId };
            for (int i = 0; i < answers.Length; i++)
            {
                StateAnswer answer = await answers[i];
                result.Partitions.Add(new InitializeShareGroupStateResponse.PartitionResult
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
