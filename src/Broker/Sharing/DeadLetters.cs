using KRaftSharp.Broker.Replication;
using KRaftSharp.Broker.ShareState;
using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Quorum.Metadata;
using Microsoft.Extensions.Logging;

namespace KRaftSharp.Broker.Sharing;

/// <summary>
/// Writes what share groups give up to their dead letter queues (KIP-1191): ordinary topics that say of themselves that
/// they are such. What cannot be written is logged and let go.
/// </summary>
internal sealed class DeadLetters(
    DeadLetterTopics topics, ReplicaManager replicas, BrokerRequests brokers, TimeProvider time, ILogger logger)
    : IDeadLetters
{
    private const short ProduceVersion = 12;
    private const int TimeoutMs = 30_000;
    private const int MaxAttempts = 5;
    private const int ReadBytes = 1024 * 1024;
    private const long FirstBackoffMs = 1_000;

    public async Task SendAsync(
        SharePartitionKey from, StateBatch records, string reason, ShareGroupSettings settings)
    {
        string queue = settings.DeadLetterTopic;
        string? refusal = await topics.WhyUnusableAsync(queue) ?? await WriteAsync(from, records, reason, settings);
        if (refusal is not null)
        {
            ShareLog.DeadLettersLost(logger, from, records.FirstOffset, records.LastOffset, queue, refusal);
        }
    }

    private async Task<string?> WriteAsync(
        SharePartitionKey from, StateBatch records, string reason, ShareGroupSettings settings)
    {
        string queue = settings.DeadLetterTopic;
        string topic = topics.Current.TryGet(from.TopicId, out TopicImage? origin)
            ? origin.Name
            : from.TopicId.ToString();
        DeadLetterBatch letters = new(from, topic, records, reason);
        long next = records.FirstOffset;
        while (next <= records.LastOffset)
        {
            int maxBytes = topics.MaxMessageBytes(queue);
            IReadOnlyDictionary<long, OriginalRecord> originals = settings.CopiesDeadLetters
                ? Originals(from, next, records.LastOffset, maxBytes)
                : new Dictionary<long, OriginalRecord>();
            byte[] batch = letters.Write(next, originals, maxBytes, time.WallClockMs(), out next);
            if (await ProduceAsync(queue, from.Partition, batch) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task<string?> ProduceAsync(string queue, int fromPartition, byte[] batch)
    {
        ErrorCode last = ErrorCode.LeaderNotAvailable;
        long backoffMs = FirstBackoffMs;
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (topics.Current.TryGet(queue, out TopicImage? topic) && topic.Partitions.Count > 0)
            {
                int index = fromPartition % topic.Partitions.Count;
                last = await ProduceAsync(topic.Partitions[index].Leader, queue, index, batch);
            }

            if (last == ErrorCode.None)
            {
                return null;
            }

            if (last is not (ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable
                or ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicas
                or ErrorCode.UnknownTopicOrPartition))
            {
                break;
            }

            await PauseAsync(backoffMs);
            backoffMs *= 2;
        }

        return $"the topic could not be written to: {ErrorCodes.KafkaName(last)}";
    }

    private async Task<ErrorCode> ProduceAsync(int leader, string queue, int index, byte[] batch)
    {
        ProduceRequest.PartitionProduceData data = new() { Index = index, Records = batch };
        ProduceRequest request = new()
        {
            Acks = -1,
            TimeoutMs = TimeoutMs,
            TopicData = [new ProduceRequest.TopicProduceData { Name = queue, PartitionData = [data] }],
        };
        TaskCompletionSource<ErrorCode> answered = new();
        brokers.Send<ProduceResponse>(
            leader, request, ProduceVersion, TimeSpan.FromMilliseconds(TimeoutMs),
            response => answered.SetResult(response is { Responses: [{ PartitionResponses: [var written] }] }
                ? written.ErrorCode
                : ErrorCode.NetworkException));
        return await answered.Task;
    }

    /// <summary>The records of a range, as far as they are there and fit.</summary>
    private Dictionary<long, OriginalRecord> Originals(
        SharePartitionKey from, long firstOffset, long lastOffset, int maxBytes)
    {
        Dictionary<long, OriginalRecord> found = [];
        if (replicas.Get(from.TopicId, from.Partition) is not { } partition)
        {
            return found;
        }

        long size = 0;
        long next = firstOffset;
        while (next <= lastOffset && size < maxBytes)
        {
            using LogReadResult read = partition.Log.Read(
                next, ReadBytes, partition.HighWatermark, minOneBatch: true);
            long before = next;
            var batches = new RecordBatchEnumerator(read.Records.Span);
            while (read.Error == ErrorCode.None && batches.MoveNext() && next <= lastOffset)
            {
                size += Collect(batches.Current, next, lastOffset, maxBytes, found);
                next = batches.Current.LastOffset + 1;
            }

            if (next == before)
            {
                break;
            }
        }

        return found;
    }

    private static long Collect(
        in RecordBatchView batch, long firstOffset, long lastOffset, int maxBytes,
        Dictionary<long, OriginalRecord> found)
    {
        long size = 0;
        using var records = new RecordReader(batch);
        while (!batch.IsControl && records.MoveNext())
        {
            RecordView record = records.Current;
            if (record.Offset < firstOffset || record.Offset > lastOffset
                || record.Key.Length + record.Value.Length > maxBytes)
            {
                continue;
            }

            OriginalRecord original = new(
                record.HasKey ? (ReadOnlyMemory<byte>?)record.Key.ToArray() : null,
                record.HasValue ? (ReadOnlyMemory<byte>?)record.Value.ToArray() : null);
            found[record.Offset] = original;
            size += original.Size;
        }

        return size;
    }

    private async Task PauseAsync(long delayMs)
    {
        TaskCompletionSource elapsed = new();
        await using ITimer timer = time.CreateTimer(
            _ => elapsed.TrySetResult(), null, TimeSpan.FromMilliseconds(delayMs), Timeout.InfiniteTimeSpan);
        await elapsed.Task;
    }
}
