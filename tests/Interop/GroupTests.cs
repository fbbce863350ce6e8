using Confluent.Kafka;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Consumer groups of the classic protocol, by three clients.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class GroupTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [KcatFact]
    public async Task Kcat_InGroup_ReadsEverythingOnce()
    {
        const string topic = "group-kcat";
        await FillAsync(topic);
        string[] read =
        [
            "-b", cluster.Bootstrap, "-G", "kcat-group", "-X", "auto.offset.reset=earliest", "-e", "-q", "-f",
            "%k\\t%s\\n", topic,
        ];

        string first = await Shell.RunAsync("kcat", read);
        string second = await Shell.RunAsync("kcat", read);

        Flights.AssertSame([.. first.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal("", second); // the first member's commits count
    }

    [KafkaJsFact]
    public async Task KafkaJs_InGroup_ReadsEverything()
    {
        const string topic = "group-kafkajs";
        await FillAsync(topic);

        string output = await Shell.RunAsync(
            "node",
            [
                Repository.PathOf("tests", "Interop", "KafkaJs", "group.js"), cluster.Bootstrap, topic, "kafkajs-group",
                $"{Flights.Lines.Count}",
            ],
            environment: new Dictionary<string, string>
            {
                ["NODE_PATH"] = Path.Combine(Installed.KafkaJsFolder, "node_modules"),
            });

        Flights.AssertSame([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    [Fact]
    public async Task Confluent_TwoMembers_ShareThePartitionsAndCommit()
    {
        const string topic = "group-confluent";
        await FillAsync(topic);
        List<string> found = [];
        using (IConsumer<string, string> one = Member("confluent-group", topic))
        using (IConsumer<string, string> two = Member("confluent-group", topic))
        {
            DateTime deadline = DateTime.UtcNow + Patience;
            while ((one.Assignment.Count != 3 || two.Assignment.Count != 3) && DateTime.UtcNow < deadline)
            {
                Take(one, found);
                Take(two, found);
            }

            Assert.Equal(3, one.Assignment.Count);
            Assert.Equal(3, two.Assignment.Count);
            while (found.Distinct().Count() < Flights.Lines.Count && DateTime.UtcNow < deadline)
            {
                Take(one, found);
                Take(two, found);
            }

            one.Close(); // commits
            two.Close();
        }

        Assert.Equal(Flights.Lines.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
        using IConsumer<string, string> later = Member("confluent-group", topic);
        List<TopicPartitionOffset> committed = later.Committed(
            Enumerable.Range(0, 6).Select(partition => new TopicPartition(topic, partition)), Patience);
        Assert.Equal(Flights.Lines.Count, committed.Sum(offset => offset.Offset.Value));
    }

    private static void Take(IConsumer<string, string> consumer, List<string> found)
    {
        while (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { Message: { } message })
        {
            found.Add($"{message.Key}\t{message.Value}");
        }
    }

    private IConsumer<string, string> Member(string group, string topic)
    {
        IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = cluster.Bootstrap,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AutoCommitIntervalMs = 100,
        }).Build();
        consumer.Subscribe(topic);
        return consumer;
    }

    private async Task FillAsync(string topic)
    {
        await cluster.CreateTopicAsync(topic);
        await Shell.RunAsync(
            Repository.PathOf("scripts", "kraftsharp"),
            ["produce", topic, "--key-separator", "\\t", "-b", cluster.Bootstrap], Flights.Text);
    }
}
