using System.Runtime.InteropServices;
using KRaftSharp.Broker.Network;
using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Handlers;

/// <summary>
/// Produce v3-13. v5 log start; v7 zstd; v8 record errors; v10 where the leader is (KIP-951); v11
/// TRANSACTION_ABORTABLE; v12 joins the transaction by itself (KIP-890); v13 topic ids.
/// </summary>
/// <param name="transactions">Null where there is no coordinator to ask.</param>
internal sealed class ProduceHandler(ReplicaManager replicas, TransactionalProduce? transactions = null)
    : IRequestHandler
{
    private const short FirstVersionWithIds = 13;
    private const short FirstVersionWithHints = 10;
    private const short AcksOfAll = -1;
    private const short NoAcks = 0;

    public async ValueTask<IApiMessage?> HandleAsync(RequestContext context, IApiMessage request)
    {
        var produce = (ProduceRequest)request;
        (ErrorCode error, string? message) = ProduceChecks.CheckWhole(produce, out bool isTransactional);
        if (error != ErrorCode.None)
        {
            return Finish(context, produce, RefuseAll(produce, error, message));
        }

        var response = new ProduceResponse();
        var operation = new ProduceOperation(produce.Acks);
        List<ProduceCandidate>? candidates = isTransactional ? [] : null;
        List<(TopicPartition, ProduceResponse.PartitionProduceResponse)> slots = [];
        foreach (ProduceRequest.TopicProduceData topic in produce.TopicData)
        {
            if (topic.PartitionData.Count > 0)
            {
                response.Responses.Add(Prepare(context, produce, topic, operation, slots, candidates));
            }
        }

        if (candidates is not null)
        {
            await AdmitAsync(context, produce, candidates, operation, slots);
        }
        else if (operation.Appends.Count > 0)
        {
            operation.Start();
            context.Batch.AtEnd(
                static state =>
                {
                    var (replicas, operation, timeoutMs) = ((ReplicaManager, ProduceOperation, int))state!;
                    replicas.Run(operation, timeoutMs);
                },
                (replicas, operation, produce.TimeoutMs));
        }

        if (operation.Appends.Count > 0)
        {
            await operation.Completion;
            foreach (PartitionAppend append in operation.Appends)
            {
                Report(append, slots[append.Slot].Item2);
            }
        }

        if (context.Version >= FirstVersionWithHints)
        {
            AddHints(context, response, slots);
        }

        return Finish(context, produce, response);
    }

    /// <summary>
    /// Transactional batches are written once the transaction's coordinator knows of them, those of one connection in
    /// the order of their requests.
    /// </summary>
    private async Task AdmitAsync(
        RequestContext context, ProduceRequest produce, List<ProduceCandidate> candidates, ProduceOperation operation,
        List<(TopicPartition, ProduceResponse.PartitionProduceResponse Answer)> slots)
    {
        TaskCompletionSource queued = new();
        Task before = context.Connection.ProducesQueued;
        context.Connection.ProducesQueued = queued.Task;
        try
        {
            await before;
            if (transactions is not null)
            {
                await transactions.AdmitAsync(
                    produce.TransactionalId!, context.Version,
                    [.. candidates.Where(static candidate => candidate.IsTransactional)]);
            }

            foreach (ProduceCandidate candidate in candidates)
            {
                if (candidate.Error == ErrorCode.None)
                {
                    operation.Add(candidate.Partition, candidate.Append, candidate.Slot);
                    continue;
                }

                slots[candidate.Slot].Answer.ErrorCode = candidate.Error;
                slots[candidate.Slot].Answer.ErrorMessage = candidate.Message;
            }

            if (operation.Appends.Count > 0)
            {
                operation.Start();
                replicas.Run(operation, produce.TimeoutMs);
            }
        }
        finally
        {
            queued.SetResult();
        }
    }

    private ProduceResponse.TopicProduceResponse Prepare(
        RequestContext context,
        ProduceRequest produce,
        ProduceRequest.TopicProduceData topic,
        ProduceOperation operation,
        List<(TopicPartition, ProduceResponse.PartitionProduceResponse)> slots,
        List<ProduceCandidate>? candidates)
    {
        var answers = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
        bool hasId = context.Version >= FirstVersionWithIds;
        TopicsImage topics = replicas.Image.Topics;
        bool isKnown = hasId
            ? topics.TryGet(topic.TopicId, out TopicImage? image)
            : topics.TryGet(topic.Name, out image);
        foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
        {
            var answer = new ProduceResponse.PartitionProduceResponse { Index = data.Index, BaseOffset = -1 };
            answers.PartitionResponses.Add(answer);
            var name = new TopicPartition(image?.Name ?? topic.Name, data.Index);
            ErrorCode error = !isKnown && hasId
                ? ErrorCode.UnknownTopicId
                : Check(context, produce, image, data);
            Partition? partition = error == ErrorCode.None ? replicas.Get(name) : null;
            answer.ErrorCode = error == ErrorCode.None && partition is null ? ErrorCode.NotLeaderOrFollower : error;
            if (partition is not null)
            {
                var append = new LeaderAppend(MemoryMarshal.AsMemory(data.Records!.Value));
                if (candidates is null)
                {
                    operation.Add(partition, append, slots.Count);
                }
                else
                {
                    candidates.Add(new ProduceCandidate(
                        partition, append, slots.Count, ProduceChecks.IsTransactional(append.Records.Span)));
                }
            }

            slots.Add((name, answer));
        }

        return answers;
    }

    private static ErrorCode Check(
        RequestContext context, ProduceRequest produce, TopicImage? topic,
        ProduceRequest.PartitionProduceData data)
    {
        if (topic?.Partitions.ContainsKey(data.Index) != true)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        ErrorCode error = ProduceChecks.CheckRecords(data.Records, context.Version);
        if (error != ErrorCode.None)
        {
            return error;
        }

        return produce.Acks is < AcksOfAll or > 1 ? ErrorCode.InvalidRequiredAcks : ErrorCode.None;
    }

    private static void Report(PartitionAppend append, ProduceResponse.PartitionProduceResponse answer)
    {
        LogAppendResult result = append.Result;
        answer.ErrorCode = append.Error;
        answer.BaseOffset = result.BaseOffset;
        answer.LogAppendTimeMs = result.LogAppendTimeMs;
        bool isBeforeTheLog = append.Error is ErrorCode.MessageTooLarge or ErrorCode.CorruptMessage
            or ErrorCode.KafkaStorageError or ErrorCode.NotLeaderOrFollower;
        answer.LogStartOffset = isBeforeTheLog ? -1 : result.LogStartOffset;
        if (result.RecordErrors is { Count: > 0 } errors)
        {
            answer.ErrorMessage = result.ErrorMessage;
            foreach (var record in errors)
            {
                answer.RecordErrors.Add(new ProduceResponse.BatchIndexAndErrorMessage
                {
                    BatchIndex = record.BatchIndex,
                    BatchIndexErrorMessage = record.Message,
                });
            }
        }
    }

    private void AddHints(
        RequestContext context, ProduceResponse response,
        List<(TopicPartition, ProduceResponse.PartitionProduceResponse)> slots)
    {
        var hints = new LeaderHints(replicas, context.ListenerName);
        foreach ((TopicPartition name, ProduceResponse.PartitionProduceResponse answer) in slots)
        {
            if (answer.ErrorCode != ErrorCode.NotLeaderOrFollower)
            {
                continue;
            }

            (answer.CurrentLeader.LeaderId, answer.CurrentLeader.LeaderEpoch) = hints.LeaderOf(name);
            int leader = answer.CurrentLeader.LeaderId;
            if (!response.NodeEndpoints.Exists(node => node.NodeId == leader) && hints.EndpointOf(leader) is { } found)
            {
                response.NodeEndpoints.Add(new ProduceResponse.NodeEndpoint
                {
                    NodeId = leader,
                    Host = found.Endpoint.Host,
                    Port = found.Endpoint.Port,
                    Rack = found.Broker.Rack,
                });
            }
        }
    }

    private static ProduceResponse RefuseAll(ProduceRequest produce, ErrorCode error, string? message)
    {
        var response = new ProduceResponse();
        foreach (ProduceRequest.TopicProduceData topic in produce.TopicData)
        {
            var answers = new ProduceResponse.TopicProduceResponse { Name = topic.Name, TopicId = topic.TopicId };
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                answers.PartitionResponses.Add(new ProduceResponse.PartitionProduceResponse
                {
                    Index = data.Index,
                    ErrorCode = error,
                    BaseOffset = -1,
                    ErrorMessage = message,
                });
            }

            response.Responses.Add(answers);
        }

        return response;
    }

    /// <summary>Without acknowledgements nothing is sent, and an error can only be told by closing.</summary>
    private static ProduceResponse? Finish(RequestContext context, ProduceRequest produce, ProduceResponse response)
    {
        if (produce.Acks != NoAcks)
        {
            return response;
        }

        if (response.Responses.Exists(topic =>
            topic.PartitionResponses.Exists(partition => partition.ErrorCode != ErrorCode.None)))
        {
            context.CloseConnection();
        }

        return null;
    }
}
