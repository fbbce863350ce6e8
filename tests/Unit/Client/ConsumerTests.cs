using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Client;

public sealed class ConsumerTests
{
    private static readonly TopicPartition First = new(ModelCluster.Topic, 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly ConsumerOptions Quick = new()
    {
        BootstrapServers = "broker:1",
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RetryBackoffMax = TimeSpan.FromMilliseconds(4),
        OffsetReset = OffsetReset.Earliest,
    };

    [Fact]
    public async Task Poll_SeveralPartitions_BringsEveryRecordInOrder()
    {
        ModelCluster cluster = Filled(partitions: 4, records: 25);
        await using KafkaConsumer consumer = KafkaConsumer.Create(Quick, cluster.Runtime);
        consumer.Assign(Enumerable.Range(0, 4).Select(partition => new TopicPartition(ModelCluster.Topic, partition)));

        Dictionary<TopicPartition, List<string>> read = await ReadAsync(consumer, 100);

        Assert.All(read, entry => Assert.Equal(
            cluster.Partitions[entry.Key.Partition].Values, entry.Value));
        Assert.Equal(25, consumer.Position(First));
    }

    [Fact]
    public async Task Poll_LeaderMoves_ReadsOnFromTheNewOne()
    {
        ModelCluster cluster = Filled(partitions: 1, records: 9);
        await using KafkaConsumer consumer = KafkaConsumer.Create(Quick, cluster.Runtime);
        consumer.Assign([First]);
        List<string> read = (await ReadAsync(consumer, 3))[First];

        cluster.MoveLeader(0);
        while (read.Count < 9)
        {
            read.AddRange((await ReadAsync(consumer, 1))[First]);
        }

        Assert.Equal(cluster.Partitions[0].Values, read);
    }

    [Fact]
    public async Task Poll_LogCutBelowPositionByNewLeader_ReadsOnWhereItDiverges()
    {
        ModelCluster cluster = Filled(partitions: 1, records: 9);
        await using KafkaConsumer consumer = KafkaConsumer.Create(Quick, cluster.Runtime);
        consumer.Assign([First]);
        await ReadAsync(consumer, 9);

        cluster.Partitions[0].Values.RemoveRange(6, 3);
        cluster.MoveLeader(0);
        cluster.Partitions[0].Values.Add("new");

        Assert.Equal("new", (await ReadAsync(consumer, 1))[First][0]);
    }

    [Fact]
    public async Task Poll_PositionGoneAndNoPolicy_Fails()
    {
        ModelCluster cluster = Filled(partitions: 1, records: 9);
        cluster.Partitions[0].StartOffset = 5;
        await using KafkaConsumer consumer = KafkaConsumer.Create(
            Quick with { OffsetReset = OffsetReset.None }, cluster.Runtime);
        consumer.Assign([First]);
        consumer.Seek(First, 2);

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            async () => (await consumer.PollAsync(Patience)).Dispose());

        Assert.Equal(ErrorCode.OffsetOutOfRange, error.Code);
    }

    [Fact]
    public async Task Poll_PositionGoneAndEarliest_ReadsFromTheLogsStart()
    {
        ModelCluster cluster = Filled(partitions: 1, records: 9);
        cluster.Partitions[0].StartOffset = 5;
        await using KafkaConsumer consumer = KafkaConsumer.Create(Quick, cluster.Runtime);
        consumer.Assign([First]);
        consumer.Seek(First, 2);

        Assert.Equal(cluster.Partitions[0].Values[5], (await ReadAsync(consumer, 1))[First][0]);
    }

    [Fact]
    public async Task EndOffsets_AreThoseOfTheLogs()
    {
        ModelCluster cluster = Filled(partitions: 2, records: 7);
        await using KafkaConsumer consumer = KafkaConsumer.Create(Quick, cluster.Runtime);

        IReadOnlyDictionary<TopicPartition, OffsetAndTimestamp> ends = await consumer.EndOffsetsAsync(
            [First, new TopicPartition(ModelCluster.Topic, 1)]);

        Assert.All(ends.Values, end => Assert.Equal(7, end.Offset));
    }

    private static ModelCluster Filled(int partitions, int records)
    {
        ModelCluster cluster = new(1, partitions, faulty: false);
        for (int partition = 0; partition < partitions; partition++)
        {
            cluster.Partitions[partition].Values.AddRange(
                Enumerable.Range(0, records).Select(i => $"{partition}/{i}"));
        }

        return cluster;
    }

    /// <summary>Polls until at least so many records have come.</summary>
    private static async Task<Dictionary<TopicPartition, List<string>>> ReadAsync(KafkaConsumer consumer, int count)
    {
        Dictionary<TopicPartition, List<string>> read = [];
        while (read.Values.Sum(list => list.Count) < count)
        {
            using FetchedRecords fetched = await consumer.PollAsync(Patience);
            Assert.NotEmpty(fetched.Partitions);
            foreach (PartitionRecords records in fetched.Partitions)
            {
                if (!read.TryGetValue(records.Partition, out List<string>? list))
                {
                    read.Add(records.Partition, list = []);
                }

                foreach (var record in records)
                {
                    list.Add(Encoding.UTF8.GetString(record.Value));
                }
            }
        }

        return read;
    }
}
