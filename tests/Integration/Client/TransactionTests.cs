using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>Transactions of the client against a node of ours, over sockets.</summary>
public sealed class TransactionTests
{
    private const string Topic = "out";
    private static readonly ConsumerGroupMetadata Group = new("copy");

    /// <summary>Who writes adds its partitions to the transaction (KIP-890), also where nobody else is checked.
    /// </summary>
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Transactions_CommitAbortAndFence(string verifies)
    {
        await using TestServer server = await TestServer.StartAsync(
            ("offsets.topic.num.partitions", "1"), ("offsets.topic.replication.factor", "1"),
            ("transaction.state.log.num.partitions", "1"), ("transaction.state.log.replication.factor", "1"),
            ("transaction.state.log.min.isr", "1"), ("transaction.partition.verification.enable", verifies));
        ProducerOptions options = new()
        {
            BootstrapServers = $"127.0.0.1:{server.ClientPort}",
            TransactionalId = "copy-1",
        };
        await using KafkaAdmin admin = KafkaAdmin.Create(options);
        await admin.Topics.CreateAsync(new NewTopic(Topic) { Partitions = 3, ReplicationFactor = 1 });
        await using KafkaProducer producer = KafkaProducer.Create(options);
        await producer.InitTransactionsAsync();

        for (int number = 0; number < 6; number++)
        {
            producer.BeginTransaction();
            for (int i = 0; i < 20; i++)
            {
                await producer.PostAsync(Record(i % 3, $"{number}.{i}"));
            }

            await producer.SendOffsetsToTransactionAsync(
                new Dictionary<TopicPartition, OffsetAndMetadata> { [new(Topic, 0)] = new(number) }, Group);
            await (number % 3 == 2 ? producer.AbortTransactionAsync() : producer.CommitTransactionAsync());
        }

        producer.BeginTransaction();
        RecordMetadata last = await producer.SendAsync(Record(1, "left open"));
        // Four times seven records and a marker; of the two that were aborted, what had left before.
        Assert.InRange(last.Offset, 4 * 8, 6 * 8);
        await using KafkaProducer newer = KafkaProducer.Create(options);
        await newer.InitTransactionsAsync();
        KafkaException error = await Assert.ThrowsAsync<KafkaException>(() => producer.CommitTransactionAsync());

        Assert.True(error is { IsFatal: true, Code: ErrorCode.ProducerFenced }, error.Message);
        newer.BeginTransaction();
        await newer.SendAsync(Record(1, "next"));
        await newer.CommitTransactionAsync();
    }

    private static ProducerRecord Record(int partition, string value) => new()
    {
        Topic = Topic,
        Partition = partition,
        Value = Encoding.UTF8.GetBytes(value),
    };
}
