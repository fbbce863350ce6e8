using KRaftSharp.Broker.Groups;
using KRaftSharp.Broker.Network;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>OffsetDelete v0 (KIP-496).</summary>
internal sealed class OffsetDeleteHandler(GroupAdmin groups, Func<MetadataImage> image) : IRequestHandler
{
    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var delete = (OffsetDeleteRequest)request;
        MetadataImage now = image();
        OffsetDeleteResponse response = new();
        List<TopicPartition> known = [];
        List<OffsetDeleteResponse.OffsetDeleteResponsePartition> open = [];
        foreach (OffsetDeleteRequest.OffsetDeleteRequestTopic topic in delete.Topics)
        {
            OffsetDeleteResponse.OffsetDeleteResponseTopic answer = new() { Name = topic.Name };
            response.Topics.Add(answer);
            foreach (OffsetDeleteRequest.OffsetDeleteRequestPartition partition in topic.Partitions)
            {
                OffsetDeleteResponse.OffsetDeleteResponsePartition result =
                    new() { PartitionIndex = partition.PartitionIndex };
                answer.Partitions.Add(result);
                if (now.Topics.Partition(topic.Name, partition.PartitionIndex) is null)
                {
                    result.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                    continue;
                }

                known.Add(new TopicPartition(topic.Name, partition.PartitionIndex));
                open.Add(result);
            }
        }

        (ErrorCode error, IReadOnlyList<ErrorCode> byPartition) =
            await groups.DeleteOffsetsAsync(delete.GroupId, known);
        if (error != ErrorCode.None)
        {
            return new OffsetDeleteResponse { ErrorCode = error };
        }

        for (int i = 0; i < open.Count; i++)
        {
            open[i].ErrorCode = byPartition[i];
        }

        return response;
    }
}
