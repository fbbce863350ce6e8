using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>The client against a node of ours, over sockets.</summary>
public sealed class ClientTests
{
    private const string Topic = "flights";

    [Theory]
    [InlineData(CompressionCodec.None, Acks.All)]
    [InlineData(CompressionCodec.None, Acks.Leader)]
    [InlineData(CompressionCodec.None, Acks.None)]
    [InlineData(CompressionCodec.Gzip, Acks.All)]
    [InlineData(CompressionCodec.Snappy, Acks.All)]
    [InlineData(CompressionCodec.Lz4, Acks.All)]
    [InlineData(CompressionCodec.Zstd, Acks.All)]
    public async Task Producer_ThenConsumer_RecordsComeBackAsTheyWere(CompressionCodec codec, Acks acks)
    {
        await using TestServer server = await TestServer.StartAsync();
        ClientOptions options = OptionsFor(server);
        await using KafkaAdmin admin = KafkaAdmin.Create(options);
        await admin.Topics.CreateAsync(new NewTopic(Topic) { Partitions = 3, ReplicationFactor = 1 });
        await using (KafkaProducer producer = KafkaProducer.Create(new ProducerOptions
        {
            BootstrapServers = options.BootstrapServers,
            Compression = codec,
            Acks = acks,
        }))
        {
            for (int i = 0; i < 1000; i++)
            {
                await producer.PostAsync(new ProducerRecord
                {
                    Topic = Topic,
                    Key = Encoding.UTF8.GetBytes($"k{i % 7}"),
                    Value = Encoding.UTF8.GetBytes($"{i}"),
                    TimestampMs = 1_000_000 + i,
                    Headers = [new RecordHeader("i", Encoding.UTF8.GetBytes($"{i}"))],
                });
            }
        }

        List<int> read = await ReadAsync(options, 1000);

        Assert.Equal(Enumerable.Range(0, 1000), read.Order());
        Assert.All(
            Enumerable.Range(0, 7),
            key => Assert.Equal(read.Where(i => i % 7 == key).Order(), read.Where(i => i % 7 == key)));
    }

    [Fact]
    public async Task Admin_TopicFromCreationToDeletion()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using KafkaAdmin admin = KafkaAdmin.Create(OptionsFor(server));

        CreatedTopic created = await admin.Topics.CreateAsync(new NewTopic(Topic)
        {
            Partitions = 2,
            ReplicationFactor = 1,
            Configs = new Dictionary<string, string> { ["retention.ms"] = "1000" },
        });
        await admin.Topics.CreatePartitionsAsync(Topic, 5);
        await admin.Configs.AlterAsync(
            ConfigResource.Topic(Topic),
            [ConfigChange.Delete("retention.ms"), ConfigChange.Set("segment.bytes", "2000000")]);

        TopicView topic = await admin.Topics.DescribeAsync(Topic);
        Assert.Equal(created.Id, topic.Id);
        Assert.Equal(5, topic.Partitions.Count);
        IReadOnlyList<ConfigEntry> configs = await admin.Configs.DescribeAsync(ConfigResource.Topic(Topic));
        Assert.Equal("2000000", configs.Single(config => config.Name == "segment.bytes").Value);
        Assert.True(configs.Single(config => config.Name == "retention.ms").IsDefault);

        await admin.Topics.DeleteAsync(Topic);
        KafkaException error = await Assert.ThrowsAsync<KafkaException>(() => admin.Topics.DescribeAsync(Topic));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, error.Code);
    }

    [Fact]
    public async Task Admin_DescribesClusterAndQuorum()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using KafkaAdmin admin = KafkaAdmin.Create(OptionsFor(server));

        ClusterDescription cluster = await admin.Cluster.DescribeAsync();
        QuorumDescription quorum = await admin.Quorum.DescribeAsync();

        Assert.Equal(server.ClientPort, Assert.Single(cluster.Brokers).Port);
        Assert.Equal(1, quorum.LeaderId);
        Assert.Equal(1, Assert.Single(quorum.Voters).Id);
    }

    private static ClientOptions OptionsFor(TestServer server) =>
        new() { BootstrapServers = $"127.0.0.1:{server.ClientPort}" };

    private static async Task<List<int>> ReadAsync(ClientOptions options, int count)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(new ConsumerOptions
        {
            BootstrapServers = options.BootstrapServers,
            OffsetReset = OffsetReset.Earliest,
        });
        consumer.Assign(Enumerable.Range(0, 3).Select(partition => new TopicPartition(Topic, partition)));
        List<int> read = [];
        while (read.Count < count)
        {
            using FetchedRecords fetched = await consumer.PollAsync(TimeSpan.FromSeconds(20));
            Assert.NotEmpty(fetched.Partitions);
            foreach (PartitionRecords partition in fetched.Partitions)
            {
                foreach (RecordView record in partition)
                {
                    int i = int.Parse(record.Value, null);
                    Assert.Equal(1_000_000 + i, record.Timestamp);
                    foreach (RecordHeaderView header in record.Headers)
                    {
                        Assert.Equal(i, int.Parse(header.Value, null));
                    }

                    read.Add(i);
                }
            }
        }

        return read;
    }
}
