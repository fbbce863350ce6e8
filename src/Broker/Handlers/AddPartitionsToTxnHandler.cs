using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// AddPartitionsToTxn v0-5. v2 PRODUCER_FENCED; v4 several transactions and verification only, for brokers (KIP-890);
/// v5 TRANSACTION_ABORTABLE.
/// </summary>
internal sealed class AddPartitionsToTxnHandler(TransactionCoordinator coordinator, Func<MetadataImage> image)
    : IRequestHandler
{
    private const short FirstVersionWithFenced = 2;
    private const short FirstVersionWithSeveral = 4;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var add = (AddPartitionsToTxnRequest)request;
        short version = context.Version;
        var response = new AddPartitionsToTxnResponse();
        if (version < FirstVersionWithSeveral)
        {
            var asked = new ProducerRequest(
                add.V3AndBelowTransactionalId, add.V3AndBelowProducerId, add.V3AndBelowProducerEpoch);
            response.ResultsByTopicV3AndBelow =
                await AnswerAsync(version, asked, verifiesOnly: false, add.V3AndBelowTopics);
            return response;
        }

        List<(string Id, Task<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> Topics)> answers = [];
        foreach (AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction transaction in add.Transactions)
        {
            var asked = new ProducerRequest(
                transaction.TransactionalId, transaction.ProducerId, transaction.ProducerEpoch);
            answers.Add((
                transaction.TransactionalId,
                AnswerAsync(version, asked, transaction.VerifyOnly, transaction.Topics)));
        }

        foreach ((string id, Task<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> topics) in answers)
        {
            response.ResultsByTransaction.Add(new AddPartitionsToTxnResponse.AddPartitionsToTxnResult
            {
                TransactionalId = id,
                TopicResults = await topics,
            });
        }

        return response;
    }

    private async Task<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> AnswerAsync(
        short version, ProducerRequest asked, bool verifiesOnly,
        List<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics)
    {
        List<TopicPartition> partitions =
        [
            .. topics.SelectMany(static topic =>
                topic.Partitions.Select(index => new TopicPartition(topic.Name, index))),
        ];
        TopicsImage known = image().Topics;
        Dictionary<TopicPartition, ErrorCode> errors = [];
        if (partitions.Exists(partition => known.Partition(partition.Topic, partition.Partition) is null))
        {
            foreach (TopicPartition partition in partitions)
            {
                errors[partition] = known.Partition(partition.Topic, partition.Partition) is null
                    ? ErrorCode.UnknownTopicOrPartition
                    : ErrorCode.OperationNotAttempted;
            }
        }
        else
        {
            await AskAsync(version, asked, verifiesOnly, partitions, errors);
        }

        return
        [
            .. topics.Select(topic => new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult
            {
                Name = topic.Name,
                ResultsByPartition =
                [
                    .. topic.Partitions.Select(index =>
                        new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult
                        {
                            PartitionIndex = index,
                            PartitionErrorCode = (short)errors[new TopicPartition(topic.Name, index)],
                        }),
                ],
            }),
        ];
    }

    private async Task AskAsync(
        short version, ProducerRequest asked, bool verifiesOnly, List<TopicPartition> partitions,
        Dictionary<TopicPartition, ErrorCode> errors)
    {
        if (verifiesOnly)
        {
            PartitionErrors verified = await coordinator.VerifyAsync(asked, partitions);
            foreach ((TopicPartition partition, ErrorCode result) in verified.Errors)
            {
                errors[partition] = result;
            }

            return;
        }

        short clientVersion = version >= FirstVersionWithSeveral ? TransactionRules.EpochBumpVersion : (short)0;
        ErrorCode error = await coordinator.AddPartitionsAsync(asked, partitions, clientVersion);
        if (error == ErrorCode.ProducerFenced && version < FirstVersionWithFenced)
        {
            error = ErrorCode.InvalidProducerEpoch;
        }

        foreach (TopicPartition partition in partitions)
        {
            errors[partition] = error;
        }
    }
}
