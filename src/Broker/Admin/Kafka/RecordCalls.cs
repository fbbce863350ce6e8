using KRaftSharp.Broker.Admin.Http;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Admin.Kafka;

/// <summary>Writes single records and reads a few: for scripts and the console, not for load.</summary>
internal sealed class RecordCalls(KafkaGateway kafka, TimeProvider time)
{
    private const short All = -1;
    private const int TimeoutMs = 15_000;
    private const int FetchBytes = 1024 * 1024;
    private const long MaxDecompressedBytes = 64 * 1024 * 1024;

    private int _turn;

    /// <summary>Appends one record with acks=all.</summary>
    /// <param name="partition">Null: by the key's hash, or by turns where there is no key.</param>
    /// <exception cref="AdminProblem">The topic does not exist, or its leader refuses.</exception>
    public async Task<ProducedRecord> ProduceAsync(
        string topicName, int? partition, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value,
        IReadOnlyList<RecordHeader> headers, long? timestampMs)
    {
        TopicImage topic = Topic(topicName);
        int target = TargetOf(topicName, partition, key);
        long timestamp = timestampMs ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        using RecordBatchBuilder builder = new();
        builder.Append(timestamp, key, value, [.. headers]);
        ProduceRequest request = new()
        {
            Acks = All,
            TimeoutMs = TimeoutMs,
            TopicData =
            [
                new ProduceRequest.TopicProduceData
                {
                    Name = topicName,
                    TopicId = topic.Id,
                    PartitionData =
                    [
                        new ProduceRequest.PartitionProduceData { Index = target, Records = builder.Build() },
                    ],
                },
            ],
        };
        return await kafka.AskAsync(kafka.LeaderOf(topicName, target), request, (ProduceResponse response) =>
        {
            ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
            AdminProblem.ThrowIf(answer.ErrorCode, answer.ErrorMessage);
            return new ProducedRecord(
                target, answer.BaseOffset, answer.LogAppendTimeMs >= 0 ? answer.LogAppendTimeMs : timestamp);
        });
    }

    /// <summary>Where a record would go.</summary>
    /// <exception cref="AdminProblem">There is no such partition, or it has no leader.</exception>
    public int TargetOf(string topicName, int? partition, ReadOnlyMemory<byte>? key)
    {
        int target = partition ?? PartitionOf(key, Topic(topicName).Partitions.Count);
        kafka.LeaderOf(topicName, target);
        return target;
    }

    /// <summary>The records of a partition from an offset on, as many as asked for or as one fetch brings.</summary>
    public async Task<RecordPage> ReadAsync(
        string topicName, int partition, long offset, int most, bool onlyCommitted)
    {
        TopicImage topic = Topic(topicName);
        FetchRequest request = new()
        {
            MaxWaitMs = 0,
            MinBytes = 0,
            MaxBytes = FetchBytes,
            IsolationLevel = (sbyte)(onlyCommitted ? 1 : 0),
            Topics =
            [
                new FetchRequest.FetchTopic
                {
                    Topic = topicName,
                    TopicId = topic.Id,
                    Partitions =
                    [
                        new FetchRequest.FetchPartition
                        {
                            Partition = partition,
                            FetchOffset = offset,
                            PartitionMaxBytes = FetchBytes,
                        },
                    ],
                },
            ],
        };
        return await kafka.AtLeaderAsync(topicName, partition, leader => kafka.AskAsync(leader, request, (
            FetchResponse response) =>
        {
            AdminProblem.ThrowIf(response.ErrorCode);
            FetchResponse.PartitionData data = response.Responses[0].Partitions[0];
            AdminProblem.ThrowIf(data.ErrorCode, data.ErrorCode == ErrorCode.OffsetOutOfRange
                ? $"Offset {offset} is outside {data.LogStartOffset} to {data.HighWatermark}" : null);
            return Read(data, offset, most);
        }));
    }

    private static RecordPage Read(FetchResponse.PartitionData data, long offset, int most)
    {
        List<ReadRecord> records = [];
        HashSet<long> aborted = [];
        List<FetchResponse.AbortedTransaction> open = [.. data.AbortedTransactions ?? []];
        long next = offset;
        var batches = new RecordBatchEnumerator((data.Records ?? default).Span);
        while (records.Count < most && batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            long last = batch.LastOffset;
            aborted.UnionWith(from transaction in open
                              where transaction.FirstOffset <= last
                              select transaction.ProducerId);
            open.RemoveAll(transaction => transaction.FirstOffset <= last);
            if (batch.IsControl)
            {
                // A marker ends what its producer had open.
                aborted.Remove(batch.ProducerId);
                next = batch.NextOffset;
                continue;
            }

            if (batch.IsTransactional && aborted.Contains(batch.ProducerId))
            {
                next = batch.NextOffset;
                continue;
            }

            next = ReadBatch(batch, offset, most, records, next);
        }

        return new RecordPage(records, next, data.LogStartOffset, data.HighWatermark, data.LastStableOffset);
    }

    private static long ReadBatch(RecordBatchView batch, long offset, int most, List<ReadRecord> records, long next)
    {
        using RecordReader reader = new(batch, MaxDecompressedBytes);
        while (records.Count < most && reader.MoveNext())
        {
            ref readonly RecordView record = ref reader.Current;
            next = record.Offset + 1;
            if (record.Offset >= offset)
            {
                records.Add(ReadRecord.From(record));
            }
        }

        return reader.Fault != RecordFault.None || records.Count < most ? Math.Max(next, batch.NextOffset) : next;
    }

    private TopicImage Topic(string name) => kafka.Image.Topics.TryGet(name, out TopicImage? topic)
        ? topic
        : throw AdminProblem.Of(ErrorCode.UnknownTopicOrPartition, null);

    private int PartitionOf(ReadOnlyMemory<byte>? key, int count) => key is { } bytes
        ? Murmur2.PartitionOf(bytes.Span, count)
        : (Interlocked.Increment(ref _turn) & int.MaxValue) % count;
}
