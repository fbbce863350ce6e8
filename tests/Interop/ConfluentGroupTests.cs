using Confluent.Kafka;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>A group of librdkafka that goes from the classic protocol to the consumer protocol and back while it reads.
/// </summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class ConfluentGroupTests(ThreeNodes cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Confluent_GroupIsUpgradedAndDowngradedLive_MembersShareThePartitions()
    {
        const string topic = "group-migration";
        await cluster.CreateTopicAsync(topic);
        using IConsumer<string, string> classic = Member(topic, GroupProtocol.Classic);
        await SettleAsync([classic], 6);
        using (IConsumer<string, string> consumer = Member(topic, GroupProtocol.Consumer))
        {
            await SettleAsync([classic, consumer], 3);
            using (IConsumer<string, string> third = Member(topic, GroupProtocol.Consumer))
            {
                await SettleAsync([classic, consumer, third], 2);
                third.Close();
            }

            await SettleAsync([classic, consumer], 3);
            consumer.Close();
        }

        await SettleAsync([classic], 6);
        classic.Close();
    }

    /// <summary>Until each has so many partitions, and none has what another has.</summary>
    private static async Task SettleAsync(IConsumer<string, string>[] members, int each)
    {
        DateTime deadline = DateTime.UtcNow + Patience;
        while (members.Any(member => member.Assignment.Count != each)
            || members.SelectMany(member => member.Assignment).Distinct().Count() != each * members.Length)
        {
            string seen = string.Join(", ", members.Select(member => member.Assignment.Count));
            Assert.True(DateTime.UtcNow < deadline, $"the members have {seen} partitions");
            foreach (IConsumer<string, string> member in members)
            {
                member.Consume(TimeSpan.FromMilliseconds(50));
            }

            await Task.Yield();
        }
    }

    private IConsumer<string, string> Member(string topic, GroupProtocol protocol)
    {
        ConsumerConfig config = new()
        {
            BootstrapServers = cluster.Bootstrap,
            GroupId = "group-migration",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            GroupProtocol = protocol,
        };
        if (protocol == GroupProtocol.Classic)
        {
            config.HeartbeatIntervalMs = 500;
            config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        }

        IConsumer<string, string> consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Subscribe(topic);
        return consumer;
    }
}
