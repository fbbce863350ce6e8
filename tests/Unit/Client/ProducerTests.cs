using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Configuration;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Tests.Unit.Client;

public sealed class ProducerTests
{
    private const int Partitions = 4;

    private static readonly ProducerOptions Quick = new()
    {
        BootstrapServers = "broker:1",
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RetryBackoffMax = TimeSpan.FromMilliseconds(4),
        Linger = TimeSpan.FromMilliseconds(1),
        BatchSize = 200,
    };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    /// <summary>Lost connections before and after the write, moved leaders, refusals: each record once, in
    /// order.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Send_FaultyCluster_EachRecordOnceAndInOrder(int seed)
    {
        ModelCluster cluster = new(seed, Partitions, faulty: true);
        List<string>[] sent = [.. Enumerable.Range(0, Partitions).Select(_ => new List<string>())];
        int acknowledged = 0;
        await using (KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime))
        {
            for (int i = 0; i < 2000; i++)
            {
                int partition = i % Partitions;
                sent[partition].Add($"{i}");
                await producer.PostAsync(Record(partition, $"{i}"), (_, error) =>
                {
                    Assert.Null(error);
                    acknowledged++;
                });
            }

            await producer.FlushAsync();
        }

        Assert.Equal(2000, acknowledged);
        for (int partition = 0; partition < Partitions; partition++)
        {
            Assert.Equal(sent[partition], cluster.Partitions[partition].Values);
        }
    }

    [Fact]
    public async Task Send_Awaited_GivesTheOffsetOfEachRecord()
    {
        ModelCluster cluster = new(1, Partitions, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);

        ValueTask<RecordMetadata>[] sends =
        [
            .. Enumerable.Range(0, 50).Select(i => producer.SendAsync(Record(2, $"{i}"))),
        ];

        for (int i = 0; i < sends.Length; i++)
        {
            RecordMetadata where = await sends[i];
            Assert.Equal(new TopicPartition(ModelCluster.Topic, 2), where.Partition);
            Assert.Equal($"{i}", cluster.Partitions[2].Values[(int)where.Offset]);
        }
    }

    [Fact]
    public async Task Send_BrokerForgetsTheProducer_GoesOnUnderTheNextEpoch()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        await producer.SendAsync(Record(0, "before"));

        cluster.Partitions[0].ForgetProducers();
        await producer.SendAsync(Record(0, "after"));
        await producer.SendAsync(Record(0, "later"));

        Assert.Equal(["before", "after", "later"], cluster.Partitions[0].Values);
    }

    [Fact]
    public async Task Send_MemoryIsShort_WaitsAndStaysWithinIt()
    {
        ModelCluster cluster = new(3, Partitions, faulty: true);
        ProducerOptions options = Quick with { BufferMemory = 800 };
        await using KafkaProducer producer = KafkaProducer.Create(options, cluster.Runtime);
        int done = 0;
        for (int i = 0; i < 500; i++)
        {
            await producer.PostAsync(Record(i % Partitions, $"{i}"), (_, _) => done++);
            Assert.InRange(producer.BufferedBytes, 0, options.BufferMemory);
        }

        await producer.FlushAsync();
        Assert.Equal(500, done);
        Assert.Equal(0, producer.BufferedBytes);
    }

    [Fact]
    public async Task Send_ByKey_GoesWhereMurmur2Says()
    {
        ModelCluster cluster = new(1, Partitions, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(
            Quick with { Compression = CompressionCodec.Gzip }, cluster.Runtime);
        foreach (string key in (string[])["LAS", "ATL", "MCI", "ANC", "RIC"])
        {
            RecordMetadata where = await producer.SendAsync(new ProducerRecord
            {
                Topic = ModelCluster.Topic,
                Key = Encoding.UTF8.GetBytes(key),
                Value = Encoding.UTF8.GetBytes(key),
            });

            Assert.Equal(Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), Partitions), where.Partition.Partition);
        }
    }

    [Fact]
    public async Task Send_WithoutKey_UsesEveryPartitionInTime()
    {
        ModelCluster cluster = new(1, Partitions, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        for (int i = 0; i < 500; i++)
        {
            await producer.PostAsync(new ProducerRecord { Topic = ModelCluster.Topic, Value = new byte[20] });
        }

        await producer.FlushAsync();
        Assert.All(cluster.Partitions, partition => Assert.NotEmpty(partition.Values));
        Assert.Equal(500, cluster.Partitions.Sum(partition => partition.Values.Count));
    }

    [Fact]
    public async Task Send_PartitionThatIsNotThere_IsRefused()
    {
        ModelCluster cluster = new(1, Partitions, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(Record(Partitions, "x")));

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, error.Code);
    }

    [Fact]
    public void Options_IdempotenceWithoutAcksAll_IsRefused() => Assert.Throws<KafkaConfigException>(
        () => KafkaProducer.Create(
            Quick with { Acks = Acks.Leader, EnableIdempotence = true }, new ModelCluster(1, 1, false).Runtime));

    private static ProducerRecord Record(int partition, string value) => new()
    {
        Topic = ModelCluster.Topic,
        Partition = partition,
        Value = Encoding.UTF8.GetBytes(value),
    };
}
