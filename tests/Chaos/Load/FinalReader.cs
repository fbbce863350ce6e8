using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.History;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Chaos.Load;

/// <summary>Reads everything from the start to the end when all is quiet, and what a group has committed.</summary>
internal static class FinalReader
{
    private static readonly TimeSpan PollTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <returns>How many records there are.</returns>
    /// <exception cref="TimeoutException">It did not come to the end.</exception>
    public static async Task<long> ReadAsync(string bootstrap, string topic, int partitions, OperationHistory history)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = "final",
            OffsetReset = OffsetReset.Earliest,
        });
        TopicPartition[] all = [.. Enumerable.Range(0, partitions).Select(id => new TopicPartition(topic, id))];
        Dictionary<TopicPartition, long> starts = Offsets(await consumer.BeginningOffsetsAsync(all));
        Dictionary<TopicPartition, long> ends = Offsets(await consumer.EndOffsetsAsync(all));
        Dictionary<TopicPartition, Reading> readings = all.ToDictionary(
            one => one,
            one => history.Read(
                "final", new PartitionId(topic, one.Partition), Isolation.ReadUncommitted, starts[one], isFinal: true));
        consumer.Assign(all);
        foreach (TopicPartition one in all)
        {
            consumer.Seek(one, starts[one]);
        }

        long count = 0;
        using CancellationTokenSource limit = new(Limit);
        while (all.Any(one => readings[one].To < ends[one]))
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException("the final reading did not come to the end");
            }

            using FetchedRecords fetched = await consumer.PollAsync(PollTime);
            count += Take(fetched, readings);
        }

        return count;
    }

    /// <summary>What a group would begin from now.</summary>
    public static async Task TakeCommittedAsync(
        string bootstrap, string group, string topic, int partitions, OperationHistory history)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
        {
            BootstrapServers = bootstrap,
            ClientId = "final",
            GroupId = group,
        });
        long askedAt = history.Now;
        TopicPartition[] all = [.. Enumerable.Range(0, partitions).Select(id => new TopicPartition(topic, id))];
        foreach ((TopicPartition partition, OffsetAndMetadata offset) in await consumer.CommittedAsync(all))
        {
            history.Fetched(
                group, new PartitionId(topic, partition.Partition), offset.Offset, askedAt, isFinal: true);
        }
    }

    private static Dictionary<TopicPartition, long> Offsets(
        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> found) =>
        found.ToDictionary(one => one.Key, one => one.Value.Offset);

    private static long Take(FetchedRecords fetched, Dictionary<TopicPartition, Reading> readings)
    {
        long count = 0;
        foreach (PartitionRecords part in fetched.Partitions)
        {
            foreach (ref readonly RecordView record in part)
            {
                readings[part.Partition].Take(record.Offset, Encoding.UTF8.GetString(record.Value));
                count++;
            }

            readings[part.Partition].Pass(part.NextOffset);
        }

        return count;
    }
}
