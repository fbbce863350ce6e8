using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Confluent.Kafka from NuGet: the newest librdkafka, which asks for topic ids and leader epochs.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class ConfluentTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(CompressionType.None, false)]
    [InlineData(CompressionType.Gzip, true)]
    [InlineData(CompressionType.Snappy, true)]
    [InlineData(CompressionType.Lz4, true)]
    [InlineData(CompressionType.Zstd, true)]
    public async Task Confluent_ProducesWithAcksAll_EachNodeGivesEverythingBack(CompressionType codec, bool idempotent)
    {
        string topic = $"confluent-{codec}-{idempotent}";
        await CreateAsync(topic);
        using (IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = cluster.Bootstrap,
            Acks = Acks.All,
            CompressionType = codec,
            EnableIdempotence = idempotent,
            LingerMs = 5,
        }).Build())
        {
            List<Error> failures = [];
            foreach (string line in Flights.Lines)
            {
                producer.Produce(
                    topic,
                    new Message<string, string>
                    {
                        Key = Flights.KeyOf(line),
                        Value = Flights.ValueOf(line),
                        Headers = [new Header("from", [1, 2, 3])],
                    },
                    report => Note(failures, report));
            }

            Assert.Equal(0, producer.Flush(Patience));
            Assert.Empty(failures);
        }

        for (int node = 1; node <= ThreeNodes.Count; node++)
        {
            Flights.AssertSame(ReadAll(cluster.AddressOf(node), topic, Flights.Lines.Count));
        }
    }

    [Fact]
    public async Task Confluent_Admin_CreatesGrowsConfiguresAndDeletes()
    {
        const string topic = "confluent-admin";
        using IAdminClient admin = Admin();
        await CreateAsync(topic);

        CreateTopicsException again = await Assert.ThrowsAsync<CreateTopicsException>(() => CreateAsync(topic));
        Assert.Equal(ErrorCode.TopicAlreadyExists, again.Results[0].Error.Code);

        await admin.CreatePartitionsAsync(
            [new PartitionsSpecification { Topic = topic, IncreaseTo = 8 }]);
        ConfigResource resource = new() { Name = topic, Type = ResourceType.Topic };
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] = [new ConfigEntry
            {
                Name = "retention.ms", Value = "123456", IncrementalOperation = AlterConfigOpType.Set,
            }],
        });
        List<DescribeConfigsResult> configs = await admin.DescribeConfigsAsync([resource]);
        Assert.Equal("123456", configs[0].Entries["retention.ms"].Value);
        Assert.Equal("2", configs[0].Entries["min.insync.replicas"].Value);

        DescribeClusterResult described = await admin.DescribeClusterAsync();
        Assert.Equal(ThreeNodes.Count, described.Nodes.Count);
        Metadata metadata = admin.GetMetadata(topic, Patience);
        Assert.Equal(8, metadata.Topics.Single().Partitions.Count);
        Assert.All(metadata.Topics.Single().Partitions, partition => Assert.Equal(3, partition.Replicas.Length));

        await admin.DeleteTopicsAsync([topic]);
        DeleteTopicsException gone = await Assert.ThrowsAsync<DeleteTopicsException>(
            () => admin.DeleteTopicsAsync([topic]));
        Assert.Equal(ErrorCode.UnknownTopicOrPart, gone.Results[0].Error.Code);
    }

    [Fact]
    public async Task Confluent_DeletesRecords_LogStartMoves()
    {
        const string topic = "confluent-delete-records";
        await CreateAsync(topic);
        using (IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = cluster.Bootstrap,
        }).Build())
        {
            for (int i = 0; i < 10; i++)
            {
                await producer.ProduceAsync(
                    new TopicPartition(topic, 0), new Message<string, string> { Key = "k", Value = $"{i}" });
            }
        }

        using IAdminClient admin = Admin();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 4)]);

        using IConsumer<string, string> consumer = Consumer(cluster.Bootstrap);
        WatermarkOffsets offsets = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Patience);
        Assert.Equal(4, offsets.Low.Value);
        Assert.Equal(10, offsets.High.Value);
    }

    private static void Note(List<Error> failures, DeliveryReport<string, string> report)
    {
        if (report.Error.IsError)
        {
            failures.Add(report.Error);
        }
    }

    private static IConsumer<string, string> Consumer(string bootstrap) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "unused", // the library wants one; with assigned partitions nobody joins
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();

    private static List<string> ReadAll(string bootstrap, string topic, int expected)
    {
        using IConsumer<string, string> consumer = Consumer(bootstrap);
        consumer.Assign(Enumerable.Range(0, 6).Select(
            partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        List<string> found = [];
        while (found.Count < expected && consumer.Consume(Patience) is { } result)
        {
            found.Add($"{result.Message.Key}\t{result.Message.Value}");
            Assert.Equal([1, 2, 3], result.Message.Headers[0].GetValueBytes());
        }

        return found;
    }

    private IAdminClient Admin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.Bootstrap }).Build();

    private async Task CreateAsync(string topic)
    {
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification
        {
            Name = topic,
            NumPartitions = 6,
            ReplicationFactor = 3,
            Configs = new Dictionary<string, string> { ["min.insync.replicas"] = "2" },
        }]);
    }
}
