using KRaftSharp.Client.Diagnostics;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Network;
using KRaftSharp.Client.Producer.Transactions;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Client.Producer;

/// <summary>What becomes of batches: acknowledged, sent again, or failed. Owned by the sender's loop.</summary>
internal sealed class BatchOutcomes(
    ClusterClient cluster, ProducerOptions options, Accumulator accumulator, IdentitySource identity,
    TransactionState? transaction)
{
    private readonly ILogger _logger = options.Loggers.CreateLogger(ClientLog.ProducerCategory);

    /// <summary>Takes the answer to one request.</summary>
    /// <returns>Whether the metadata is out of date.</returns>
    public bool Handle(ProduceFlight flight, BrokerResponse response, long nowMs)
    {
        bool isStale = false;
        ProduceResponse? answer = response.Message as ProduceResponse;
        foreach (ProducerBatch batch in flight.Batches)
        {
            batch.IsOnWire = false;
            if (response.Status != ResponseStatus.Ok)
            {
                isStale = true;
                OnError(batch, response.TransportError, response.Reason, nowMs);
            }
            else if (options.Acks == Acks.None)
            {
                Finish(batch, new BatchResult(ErrorCode.None, null, -1, -1));
            }
            else if (answer is null || ProduceFlight.Find(answer, batch, cluster.View) is not { } part)
            {
                isStale = true;
                OnError(batch, ErrorCode.NetworkException, "the broker's answer leaves the partition out", nowMs);
            }
            else if (part.ErrorCode == ErrorCode.None)
            {
                Finish(batch, new BatchResult(ErrorCode.None, null, part.BaseOffset, part.LogAppendTimeMs));
            }
            else
            {
                isStale |= IsAboutMetadata(part.ErrorCode) && !LearnLeader(batch, part, answer);
                OnError(batch, part.ErrorCode, MessageOf(part), nowMs);
                if (cluster.View.Find(batch.Queue.Partition)?.LeaderId is { } leader && leader != flight.NodeId)
                {
                    batch.RetryAtMs = nowMs; // another broker: no reason to pause (KIP-951)
                }
            }
        }

        return isStale;
    }

    /// <summary>Fails the waiting batches whose time is over.</summary>
    public void ExpireWaiting(PartitionQueue queue, long nowMs)
    {
        if (queue.Count == 0)
        {
            return;
        }

        KafkaException? refusal = identity.Refusal;
        while (true)
        {
            ProducerBatch expired;
            lock (queue.Gate)
            {
                if (queue.First is not { } first || (first.DeadlineMs > nowMs && refusal is null))
                {
                    return;
                }

                expired = queue.TakeFirst();
            }

            Fail(expired, refusal?.Code ?? ErrorCode.RequestTimedOut, refusal?.Message
                ?? "not acknowledged within delivery.timeout.ms");
        }
    }

    /// <summary>Tells everyone who still waits for anything; for a loop that has ended.</summary>
    /// <remarks>Requests may still refer to the buffers: they are left to the garbage collector.</remarks>
    public void FailOpen(ErrorCode error, string message)
    {
        foreach (PartitionQueue queue in accumulator.Queues)
        {
            ProducerBatch[] open;
            lock (queue.Gate)
            {
                open = [.. queue.Open];
                queue.Open.Clear();
            }

            foreach (ProducerBatch batch in open)
            {
                BatchResult result = new(error, message, -1, -1);
                batch.CallBack(result, _logger);
                batch.Complete(result);
            }
        }
    }

    /// <summary>Fails everything that waits.</summary>
    public void FailAll(ErrorCode error, string message)
    {
        foreach (PartitionQueue queue in accumulator.Queues)
        {
            while (true)
            {
                ProducerBatch batch;
                lock (queue.Gate)
                {
                    if (queue.First is null)
                    {
                        break;
                    }

                    batch = queue.TakeFirst();
                }

                Fail(batch, error, message);
            }
        }
    }

    private void OnError(ProducerBatch batch, ErrorCode error, string? message, long nowMs)
    {
        if (error == ErrorCode.DuplicateSequenceNumber)
        {
            // Written before, so long ago that the broker no longer knows where.
            Finish(batch, new BatchResult(ErrorCode.None, null, -1, -1));
        }
        else if (batch.Attempts > options.Retries || nowMs >= batch.DeadlineMs || !MayRepeat(batch, error))
        {
            Fail(batch, error, message);
        }
        else
        {
            ClientMetrics.BatchRepeated(options.ClientId, batch.Queue.Partition.Topic, batch.Count);
            ClientLog.BatchRepeated(
                _logger, batch.Count, batch.Queue.Partition, batch.Attempts, error, message);
            TimeSpan pause = cluster.Chance.Backoff(options.RetryBackoff, options.RetryBackoffMax, batch.Attempts);
            batch.RetryAtMs = nowMs + (long)pause.TotalMilliseconds;
            lock (batch.Queue.Gate)
            {
                batch.Queue.PutBack(batch);
            }
        }
    }

    private bool MayRepeat(ProducerBatch batch, ErrorCode error)
    {
        if (error is ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId
            && identity.IsIdempotent)
        {
            // Behind a batch that failed the gap is only natural; at the front the broker has lost our state.
            PartitionQueue queue = batch.Queue;
            bool isLost = queue.Unacknowledged.Count > 0 && queue.Unacknowledged[0] == batch;
            queue.NeedsNewEpoch |= isLost;
            return !isLost || transaction is null;
        }

        return ErrorCodes.IsRetriable(error);
    }

    private void Fail(ProducerBatch batch, ErrorCode error, string? message)
    {
        // It may have been written or not: either way the sequences that follow cannot be relied on.
        batch.Queue.NeedsNewEpoch |= batch.IsStamped;
        transaction?.BatchFailed(error, message, batch.IsStamped);
        ClientLog.BatchFailed(_logger, batch.Count, batch.Queue.Partition, error, message);
        Finish(batch, new BatchResult(error, message, -1, -1));
    }

    private void Finish(ProducerBatch batch, in BatchResult result)
    {
        batch.Queue.Unacknowledged.Remove(batch);
        ClientMetrics.BatchEnded(
            options.ClientId, batch.Queue.Partition.Topic, batch.Count, cluster.Runtime.NowMs - batch.CreatedAtMs,
            result.Error == ErrorCode.None ? null : ErrorCodes.KafkaName(result.Error));
        accumulator.Finish(batch, result);
    }

    private bool LearnLeader(
        ProducerBatch batch, ProduceResponse.PartitionProduceResponse part, ProduceResponse answer)
    {
        if (part.CurrentLeader is not { LeaderId: >= 0 } leader)
        {
            return false;
        }

        ProduceResponse.NodeEndpoint? endpoint = answer.NodeEndpoints.Find(node => node.NodeId == leader.LeaderId);
        cluster.LearnLeader(
            batch.Queue.Partition, leader.LeaderId, leader.LeaderEpoch,
            endpoint is null ? null : new BrokerNode(endpoint.NodeId, endpoint.Host, endpoint.Port, endpoint.Rack));
        return true;
    }

    private static bool IsAboutMetadata(ErrorCode error) => error is ErrorCode.NotLeaderOrFollower
        or ErrorCode.LeaderNotAvailable or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId
        or ErrorCode.FencedLeaderEpoch or ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError
        or ErrorCode.NetworkException;

    private static string? MessageOf(ProduceResponse.PartitionProduceResponse part) =>
        part.RecordErrors is [{ BatchIndexErrorMessage: { } text }, ..] ? text : part.ErrorMessage;
}
