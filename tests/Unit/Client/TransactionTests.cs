using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Client;

public sealed class TransactionTests
{
    private const int Partitions = 3;
    private static readonly ConsumerGroupMetadata Group = new("g");
    private static readonly TopicPartition Input = new("in", 4);

    private static readonly ProducerOptions Quick = new()
    {
        BootstrapServers = "broker:1",
        TransactionalId = "tx",
        RetryBackoff = TimeSpan.FromMilliseconds(1),
        RetryBackoffMax = TimeSpan.FromMilliseconds(4),
        Linger = TimeSpan.FromMilliseconds(1),
        BatchSize = 200,
    };

    public static TheoryData<int, int> SeedsAndVersions
    {
        get
        {
            TheoryData<int, int> cases = [];
            for (int seed = 1; seed <= 12; seed++)
            {
                cases.Add(seed, 0);
                cases.Add(seed, 2);
            }

            return cases;
        }
    }

    /// <summary>Lost requests and answers, moved leaders, refusals that cost the transaction: what was committed is
    /// there once and in order, what was aborted is not.</summary>
    [Theory]
    [MemberData(nameof(SeedsAndVersions))]
    public async Task Transactions_FaultyCluster_CommittedOnceAndInOrderAbortedNever(int seed, int version)
    {
        ModelCluster cluster = new(seed, Partitions, faulty: true, version);
        Random chance = new(seed);
        List<string>[] wanted = [.. Enumerable.Range(0, Partitions).Select(_ => new List<string>())];
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        await producer.InitTransactionsAsync();
        for (int number = 0; number < 15; number++)
        {
            bool commit = chance.Next(4) > 0;
            (int Partition, string Value)[] records =
            [
                .. Enumerable.Range(0, chance.Next(12)).Select(i => (chance.Next(Partitions), $"{number}.{i}")),
            ];
            while (!await RunAsync(producer, records, commit, number))
            {
                await producer.AbortTransactionAsync();
            }

            foreach ((int partition, string value) in commit ? records : [])
            {
                wanted[partition].Add(value);
            }

            if (commit)
            {
                Assert.Equal(number, cluster.Transactions.CommittedOffsets[Input]);
            }
        }

        Assert.All(Enumerable.Range(0, Partitions), i => Assert.Equal(wanted[i], cluster.Partitions[i].Committed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Commit_AnotherProducerTookOver_IsFatal(int version)
    {
        ModelCluster cluster = new(1, Partitions, faulty: false, version);
        await using KafkaProducer older = KafkaProducer.Create(Quick, cluster.Runtime);
        await older.InitTransactionsAsync();
        older.BeginTransaction();
        await older.SendAsync(Record(0, "lost"));

        await using KafkaProducer newer = KafkaProducer.Create(Quick, cluster.Runtime);
        await newer.InitTransactionsAsync();

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(() => older.CommitTransactionAsync());
        Assert.True(error.IsFatal);
        Assert.Equal(ErrorCode.ProducerFenced, error.Code);
        Assert.True(Assert.Throws<KafkaException>(older.BeginTransaction).IsFatal);
        newer.BeginTransaction();
        await newer.SendAsync(Record(0, "kept"));
        await newer.CommitTransactionAsync();
        Assert.Equal(["kept"], cluster.Partitions[0].Committed);
    }

    [Fact]
    public async Task Commit_SendsThatNobodyAwaits_AreInTheTransaction()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(
            Quick with { BufferMemory = 600 }, cluster.Runtime);
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        ValueTask<RecordMetadata>[] sends =
        [
            .. Enumerable.Range(0, 60).Select(i => producer.SendAsync(Record(0, $"{i}"))),
        ];

        await producer.CommitTransactionAsync();

        foreach (ValueTask<RecordMetadata> send in sends)
        {
            await send; // acknowledged already: only the news may still be on its way
        }

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), cluster.Partitions[0].Committed);
    }

    [Fact]
    public async Task SendOffsets_MemberOfAnEarlierGeneration_CostsTheTransactionOnly()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Record(0, "a"));

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            () => producer.SendOffsetsToTransactionAsync(Offsets(3), Group with { GenerationId = 1 }));
        Assert.True(error is { IsAbortable: true, IsFatal: false, Code: ErrorCode.IllegalGeneration });
        error = await Assert.ThrowsAsync<KafkaException>(() => producer.CommitTransactionAsync());
        Assert.True(error.IsAbortable);

        await producer.AbortTransactionAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Record(0, "b"));
        await producer.CommitTransactionAsync();
        Assert.Equal(["b"], cluster.Partitions[0].Committed);
        Assert.Empty(cluster.Transactions.CommittedOffsets);
    }

    [Fact]
    public async Task Calls_OutOfTurn_SayWhatIsMissing()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        Assert.Throws<InvalidOperationException>(producer.BeginTransaction);
        await producer.InitTransactionsAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => producer.CommitTransactionAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await producer.SendAsync(Record(0, "x")));
        producer.BeginTransaction();
        Assert.Throws<InvalidOperationException>(producer.BeginTransaction);
        await using KafkaProducer plain = KafkaProducer.Create(
            Quick with { TransactionalId = null }, cluster.Runtime);
        Assert.Throws<InvalidOperationException>(plain.BeginTransaction);
    }

    [Fact]
    public async Task Close_OpenTransaction_IsAborted()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using (KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime))
        {
            await producer.InitTransactionsAsync();
            producer.BeginTransaction();
            await producer.SendAsync(Record(0, "x"));
        }

        await using KafkaProducer next = KafkaProducer.Create(Quick, cluster.Runtime);
        await next.InitTransactionsAsync();
        Assert.Equal(["x"], cluster.Partitions[0].Values);
        Assert.Empty(cluster.Partitions[0].Committed);
    }

    private static async Task<bool> RunAsync(
        KafkaProducer producer, (int Partition, string Value)[] records, bool commit, long offset)
    {
        try
        {
            producer.BeginTransaction();
            foreach ((int partition, string value) in records)
            {
                await producer.PostAsync(Record(partition, value));
            }

            await producer.SendOffsetsToTransactionAsync(Offsets(offset), Group);
            if (commit)
            {
                await producer.CommitTransactionAsync();
                return true;
            }
        }
        catch (KafkaException error) when (error.IsAbortable)
        {
            return false;
        }

        await producer.AbortTransactionAsync();
        return true;
    }

    private static Dictionary<TopicPartition, OffsetAndMetadata> Offsets(long offset) => new()
    {
        [Input] = new OffsetAndMetadata(offset),
    };

    private static ProducerRecord Record(int partition, string value) => new()
    {
        Topic = ModelCluster.Topic,
        Partition = partition,
        Value = Encoding.UTF8.GetBytes(value),
    };
}
