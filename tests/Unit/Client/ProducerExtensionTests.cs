using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Metadata;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;

namespace KRaftSharp.Tests.Unit.Client;

/// <summary>What an application adds to the producer: interceptors and partitioners; and sends that nobody awaits.
/// </summary>
public sealed class ProducerExtensionTests
{
    private static readonly ProducerOptions Quick = new()
    {
        BootstrapServers = "broker:1",
        Linger = TimeSpan.FromMilliseconds(1),
        BatchSize = 200,
    };

    [Fact]
    public async Task Interceptors_SeeEveryRecordInOrder_AndTheirMistakesCostNothing()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        Suffix first = new("-a");
        Suffix last = new("-b");
        await using KafkaProducer producer = KafkaProducer.Create(
            Quick with { Interceptors = [first, new Broken(), last] }, cluster.Runtime);

        await producer.SendAsync(Record("x"));
        int called = 0;
        await producer.PostAsync(Record("y"), (_, _) => called++);
        await producer.FlushAsync();

        Assert.Equal(["x-a-b", "y-a-b"], cluster.Partitions[0].Values);
        Assert.Equal([0, 1], first.Offsets);
        Assert.Equal([0, 1], last.Offsets);
        Assert.Equal(1, called);
    }

    [Fact]
    public async Task Partitioner_Chooses_AndMayLeaveItToTheDefault()
    {
        ModelCluster cluster = new(1, 4, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(
            Quick with { Partitioner = new ByFirstByte() }, cluster.Runtime);
        byte[] key = "LAS"u8.ToArray();

        RecordMetadata chosen = await producer.SendAsync(Record("3") with { Key = key });
        RecordMetadata left = await producer.SendAsync(Record("x") with { Key = key });
        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            async () => await producer.SendAsync(Record("9")));

        Assert.Equal(3, chosen.Partition.Partition);
        Assert.Equal(Murmur2.PartitionOf(key, 4), left.Partition.Partition);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, error.Code);
    }

    [Fact]
    public async Task Send_NobodyAwaits_KeepsItsOrderWhileMetadataAndMemoryAreAwaited()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(
            Quick with { BufferMemory = 400 }, cluster.Runtime);

        ValueTask<RecordMetadata>[] sends =
        [
            .. Enumerable.Range(0, 200).Select(i => producer.SendAsync(Record($"{i}"))),
        ];
        await producer.FlushAsync();

        foreach (ValueTask<RecordMetadata> send in sends)
        {
            await send; // acknowledged already: only the news may still be on its way
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), cluster.Partitions[0].Values);
    }

    [Fact]
    public async Task Send_Blocking_GivesTheOffset()
    {
        ModelCluster cluster = new(1, 1, faulty: false);
        await using KafkaProducer producer = KafkaProducer.Create(Quick, cluster.Runtime);
        Assert.Equal(0, producer.Send(Record("a")).Offset);
        Assert.Equal(1, producer.Send(Record("b")).Offset);
    }

    private static ProducerRecord Record(string value) => new()
    {
        Topic = ModelCluster.Topic,
        Value = Encoding.UTF8.GetBytes(value),
    };

    private sealed class Suffix(string suffix) : IProducerInterceptor
    {
        public List<long> Offsets { get; } = [];

        public ProducerRecord OnSend(ProducerRecord record) =>
            record with { Value = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(record.Value!.Value.Span) + suffix) };

        public void OnAcknowledged(RecordMetadata where, KafkaException? error) => Offsets.Add(where.Offset);
    }

    private sealed class Broken : IProducerInterceptor
    {
        public ProducerRecord OnSend(ProducerRecord record) => throw new InvalidOperationException();

        public void OnAcknowledged(RecordMetadata where, KafkaException? error) =>
            throw new InvalidOperationException();
    }

    private sealed class ByFirstByte : IPartitioner
    {
        public int? Choose(in ProducerRecord record, TopicView topic)
        {
            int digit = record.Value!.Value.Span[0] - '0';
            return digit < 10 ? digit : null;
        }
    }
}
