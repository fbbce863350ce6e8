using System.Collections.Concurrent;
using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Client.Consumer;
using KRaftSharp.Client.Consumer.Assignors;
using KRaftSharp.Client.Producer;

namespace KRaftSharp.Tests.Integration.Client;

/// <summary>Groups of the client's consumers against a node of ours, over sockets.</summary>
public sealed class GroupTests
{
    private const string Topic = "in";
    private const int Partitions = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static TheoryData<string> Groups => ["range", "cooperative-sticky", "consumer"];

    /// <summary>Two read, a third joins, one leaves, another comes back static: every record is read, and what was
    /// committed
    /// is where the records end.</summary>
    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Group_MembersComeAndGo_NothingIsLost(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(
            ("offsets.topic.num.partitions", "1"), ("offsets.topic.replication.factor", "1"),
            ("group.initial.rebalance.delay.ms", "100"), ("group.consumer.heartbeat.interval.ms", "500"),
            ("group.consumer.min.heartbeat.interval.ms", "500"));
        ConsumerOptions options = OptionsOf(kind, server.ClientPort);
        await using KafkaAdmin admin = KafkaAdmin.Create(
            new() { BootstrapServers = options.BootstrapServers });
        await admin.Topics.CreateAsync(new NewTopic(Topic) { Partitions = Partitions, ReplicationFactor = 1 });
        await using KafkaProducer producer = KafkaProducer.Create(
            new() { BootstrapServers = options.BootstrapServers });
        ConcurrentDictionary<string, int> read = new();
        using CancellationTokenSource first = new();
        using CancellationTokenSource others = new(Patience);

        Task one = ReadAsync(options, read, first.Token);
        Task two = ReadAsync(options, read, others.Token);
        await SendAsync(producer, 0, 300);
        await UntilAsync(() => read.Count >= 300, others.Token);
        Task three = ReadAsync(options with { GroupInstanceId = "three" }, read, others.Token);
        await SendAsync(producer, 300, 600);
        await UntilAsync(() => read.Count >= 600, others.Token);
        await first.CancelAsync();
        await one;
        await SendAsync(producer, 600, 900);
        await UntilAsync(() => read.Count >= 900, others.Token);
        Assert.False(others.IsCancellationRequested);
        await others.CancelAsync();
        await Task.WhenAll(two, three);

        Assert.Equal(900, read.Count);
        await using KafkaConsumer last = KafkaConsumer.Create(options);
        TopicPartition[] all = [.. Enumerable.Range(0, Partitions).Select(index => new TopicPartition(Topic, index))];
        var committed = await last.CommittedAsync(all);
        var ends = await last.EndOffsetsAsync(all);
        Assert.Equal(900, ends.Values.Sum(end => end.Offset));
        Assert.All(ends, end => Assert.Equal(end.Value.Offset, committed[end.Key].Offset));
    }

    /// <summary>What the caller has not come to is not committed: the next reader gets it, and nothing twice.</summary>
    [Fact]
    public async Task ReadAsync_StoppedInTheMiddle_NextReadsOnBehindIt()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("offsets.topic.num.partitions", "1"), ("offsets.topic.replication.factor", "1"),
            ("group.initial.rebalance.delay.ms", "0"));
        ConsumerOptions options = OptionsOf("range", server.ClientPort);
        await using KafkaAdmin admin = KafkaAdmin.Create(new() { BootstrapServers = options.BootstrapServers });
        await admin.Topics.CreateAsync(new NewTopic(Topic) { Partitions = 2, ReplicationFactor = 1 });
        await using KafkaProducer producer = KafkaProducer.Create(
            new() { BootstrapServers = options.BootstrapServers });
        await SendAsync(producer, 0, 100);
        List<string> read = [];
        using CancellationTokenSource patience = new(Patience);

        foreach (int most in (int[])[7, 30, 63])
        {
            await using KafkaConsumer consumer = KafkaConsumer.Create(options);
            consumer.Subscribe(Topic);
            int count = 0;
            await foreach (ConsumerRecord record in consumer.ReadAsync(patience.Token))
            {
                read.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
                if (++count == most)
                {
                    break;
                }
            }
        }

        Assert.Equal(100, read.Count);
        Assert.Equal(100, read.Distinct().Count());
    }

    private static ConsumerOptions OptionsOf(string kind, int port) => new()
    {
        BootstrapServers = $"127.0.0.1:{port}",
        GroupId = $"group-{kind}",
        GroupProtocol = kind == "consumer" ? GroupProtocol.Consumer : GroupProtocol.Classic,
        Assignors = kind == "range" ? [PartitionAssignors.Range] : [PartitionAssignors.CooperativeSticky],
        OffsetReset = OffsetReset.Earliest,
        HeartbeatInterval = TimeSpan.FromMilliseconds(300),
        SessionTimeout = TimeSpan.FromSeconds(6),
    };

    private static async Task ReadAsync(
        ConsumerOptions options, ConcurrentDictionary<string, int> read, CancellationToken cancellation)
    {
        await using KafkaConsumer consumer = KafkaConsumer.Create(options);
        consumer.Subscribe(Topic);
        try
        {
            await foreach (ConsumerRecord record in consumer.ReadAsync(cancellation))
            {
                read.AddOrUpdate(Encoding.UTF8.GetString(record.Value!.Value.Span), 1, (_, count) => count + 1);
            }
        }
        catch (OperationCanceledException)
        {
            // How reading ends.
        }
    }

    private static async Task SendAsync(KafkaProducer producer, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes($"{i}");
            await producer.PostAsync(new ProducerRecord { Topic = Topic, Key = text, Value = text });
        }

        await producer.FlushAsync();
    }

    private static async Task UntilAsync(Func<bool> isSo, CancellationToken cancellation)
    {
        while (!isSo() && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
