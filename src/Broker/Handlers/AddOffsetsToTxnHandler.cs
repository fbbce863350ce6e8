using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>AddOffsetsToTxn v0-4: a group's offsets join a transaction. v2 PRODUCER_FENCED.</summary>
/// <param name="offsetsPartitions">How many partitions the group coordinator's topic has or will have.</param>
internal sealed class AddOffsetsToTxnHandler(
    TransactionCoordinator coordinator, Func<MetadataImage> image, int offsetsPartitions) : IRequestHandler
{
    private const short FirstVersionWithFenced = 2;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var add = (AddOffsetsToTxnRequest)request;
        int count = image().Topics.TryGet(TopicNames.ConsumerOffsets, out TopicImage? topic)
            ? topic.Partitions.Count
            : offsetsPartitions;
        var partition = new TopicPartition(TopicNames.ConsumerOffsets, CoordinatorPartition.Of(add.GroupId, count));
        ErrorCode error = await coordinator.AddPartitionsAsync(
            new ProducerRequest(add.TransactionalId, add.ProducerId, add.ProducerEpoch), [partition], 0);
        return new AddOffsetsToTxnResponse
        {
            ErrorCode = error == ErrorCode.ProducerFenced && context.Version < FirstVersionWithFenced
                ? ErrorCode.InvalidProducerEpoch
                : error,
        };
    }
}
