using Confluent.Kafka;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Transactions of Confluent.Kafka, which is librdkafka.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class ConfluentTransactionTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Confluent_Transaction_IsSeenWhenCommitted_AndNotWhenAborted()
    {
        const string topic = "confluent-transactions";
        await cluster.CreateTopicAsync(topic);
        using IProducer<string, string> producer = Producer("confluent-transactions");
        producer.InitTransactions(Patience);
        for (int i = 0; i < 9; i++)
        {
            producer.BeginTransaction();
            producer.Produce(topic, Record(i));
            producer.Produce(topic, Record(i));
            if (i % 3 == 1)
            {
                // What was not sent yet an abort drops.
                producer.Flush(Patience);
                producer.AbortTransaction(Patience);
            }
            else
            {
                producer.CommitTransaction(Patience);
            }
        }

        Assert.Equal([0, 0, 2, 2, 3, 3, 5, 5, 6, 6, 8, 8], Numbers(topic, IsolationLevel.ReadCommitted, 12));
        Assert.Equal(
            Enumerable.Range(0, 9).SelectMany(static i => new[] { i, i }),
            Numbers(topic, IsolationLevel.ReadUncommitted, 18));
    }

    [Fact]
    public async Task Confluent_SecondProducerOfAnId_FencesTheFirst()
    {
        const string topic = "confluent-fencing";
        await cluster.CreateTopicAsync(topic);
        using IProducer<string, string> zombie = Producer("confluent-fencing");
        zombie.InitTransactions(Patience);
        zombie.BeginTransaction();
        await zombie.ProduceAsync(topic, Record(1));

        using IProducer<string, string> heir = Producer("confluent-fencing");
        heir.InitTransactions(Patience);
        KafkaException fenced = Assert.ThrowsAny<KafkaException>(() => zombie.CommitTransaction(Patience));
        Assert.True(fenced.Error.IsFatal, fenced.Error.ToString());
        Assert.Equal(ErrorCode.Local_Fenced, fenced.Error.Code);

        heir.BeginTransaction();
        heir.Produce(topic, Record(2));
        heir.CommitTransaction(Patience);
        Assert.Equal([2], Numbers(topic, IsolationLevel.ReadCommitted, 1));
    }

    /// <summary>Work is aborted, and the client is dropped in the middle of its work: what was read is written once.
    /// </summary>
    [Fact]
    public async Task Confluent_ConsumeTransformProduce_IsExactlyOnce()
    {
        const string input = "confluent-eos-in";
        const string output = "confluent-eos-out";
        await cluster.CreateTopicAsync(input);
        await cluster.CreateTopicAsync(output);
        using (IProducer<string, string> producer = Producer(null))
        {
            foreach (string line in Flights.Lines)
            {
                producer.Produce(input, new Message<string, string>
                {
                    Key = Flights.KeyOf(line),
                    Value = Flights.ValueOf(line),
                });
            }

            Assert.Equal(0, producer.Flush(Patience));
        }

        int done = 0;
        for (int life = 0; done < Flights.Lines.Count; life++)
        {
            int before = done;
            done += Live(input, output, life == 0 ? Flights.Lines.Count / 2 : Flights.Lines.Count - done);
            Assert.True(done > before, $"{done} of {Flights.Lines.Count} after {life} lives");
        }

        using IConsumer<string, string> reader = Reader(IsolationLevel.ReadCommitted, "unused");
        reader.Assign(Enumerable.Range(0, 6).Select(
            static index => new TopicPartitionOffset(output, index, Offset.Beginning)));
        List<string> found = [];
        while (found.Count < Flights.Lines.Count && reader.Consume(Patience) is { } result)
        {
            found.Add($"{result.Message.Key}\t{result.Message.Value}");
        }

        Assert.Null(reader.Consume(TimeSpan.FromMilliseconds(200)));
        Flights.AssertSame(found);
    }

    /// <summary>One client until it has committed <paramref name="wanted"/> records; then it leaves a transaction open.
    /// </summary>
    private int Live(string input, string output, int wanted)
    {
        using IConsumer<string, string> consumer = Reader(IsolationLevel.ReadCommitted, "confluent-eos");
        using IProducer<string, string> producer = Producer("confluent-eos");
        producer.InitTransactions(Patience);
        consumer.Subscribe(input);
        int committed = 0;
        for (int turn = 1; committed < wanted; turn++)
        {
            producer.BeginTransaction();
            Dictionary<TopicPartition, Offset> first = [];
            int count = 0;
            while (count < 500 && consumer.Consume(count == 0 ? Patience : TimeSpan.FromMilliseconds(20)) is { } read)
            {
                first.TryAdd(read.TopicPartition, read.Offset);
                producer.Produce(output, read.Message);
                count++;
            }

            Assert.True(count > 0, $"nothing more to read after {committed} of {wanted}");
            if (turn % 4 == 0)
            {
                producer.AbortTransaction(Patience);
                foreach ((TopicPartition partition, Offset offset) in first)
                {
                    consumer.Seek(new TopicPartitionOffset(partition, offset));
                }

                continue;
            }

            producer.SendOffsetsToTransaction(
                first.Keys.Select(partition => new TopicPartitionOffset(partition, consumer.Position(partition))),
                consumer.ConsumerGroupMetadata,
                Patience);
            producer.CommitTransaction(Patience);
            committed += count;
        }

        producer.BeginTransaction();
        producer.Produce(output, Record(0));
        producer.Flush(Patience);
        consumer.Close();
        return committed;
    }

    private static Message<string, string> Record(int number) => new() { Key = "k", Value = $"{number}" };

    private List<int> Numbers(string topic, IsolationLevel isolation, int expected)
    {
        using IConsumer<string, string> consumer = Reader(isolation, "unused");
        consumer.Assign(Enumerable.Range(0, 6).Select(
            index => new TopicPartitionOffset(topic, index, Offset.Beginning)));
        List<int> found = [];
        while (found.Count < expected && consumer.Consume(Patience) is { } result)
        {
            found.Add(int.Parse(result.Message.Value, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(200)));
        return found;
    }

    private IProducer<string, string> Producer(string? id) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = cluster.Bootstrap,
        TransactionalId = id,
        LingerMs = 1,
    }).Build();

    private IConsumer<string, string> Reader(IsolationLevel isolation, string group) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = cluster.Bootstrap,
            GroupId = group,
            IsolationLevel = isolation,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
}
