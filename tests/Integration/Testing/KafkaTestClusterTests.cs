using System.Diagnostics;
using KRaftSharp.Client;
using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;
using KRaftSharp.Testing;

namespace KRaftSharp.Tests.Integration.Testing;

/// <summary>The cluster that users get for their own tests.</summary>
public sealed class KafkaTestClusterTests
{
    [Theory]
    [InlineData(1, TestStorage.Memory)]
    [InlineData(1, TestStorage.Disk)]
    [InlineData(3, TestStorage.Memory)]
    public async Task Cluster_GivesBackWhatWasProduced_AlsoAfterEveryNodeWasKilledAndStarted(
        int nodes, TestStorage storage)
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(
            new TestClusterOptions { Nodes = nodes, Storage = storage });
        await cluster.CreateTopicAsync("orders");
        await cluster.ProduceAsync("orders", "a", "1");
        await cluster.ProduceAsync("orders", null, null);

        foreach (TestNode node in cluster.Nodes)
        {
            await node.KillAsync();
            await node.StartAsync();
        }

        Assert.Equal(
            [new TestRecord(0, 0, "a", "1"), new TestRecord(0, 1, null, null)], await cluster.ReadAllAsync("orders"));
    }

    [Fact]
    public async Task Node_IsStopped_TheOthersTakeOver()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(nodes: 3);
        await cluster.CreateTopicAsync("orders", partitions: 3);

        await cluster.Nodes[0].StopAsync();
        for (int i = 0; i < 6; i++)
        {
            await cluster.ProduceAsync("orders", $"{i}", $"{i}");
        }

        Assert.False(cluster.Nodes[0].IsRunning);
        Assert.Equal(6, (await cluster.ReadAllAsync("orders")).Count);
    }

    [Fact]
    public async Task Controller_IsIsolated_AnotherLeads()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(nodes: 3);
        TestNode first = cluster.Controller!;

        cluster.Isolate(first);
        await KafkaTestCluster.WaitAsync(() => cluster.Nodes.Any(
            node => node != first && node.Node!.Quorum.Leader.LeaderId is { } leader && leader != first.Id));
        cluster.Heal();

        await cluster.CreateTopicAsync("orders");
        Assert.Equal(0, (await cluster.ProduceAsync("orders", null, "x")).Offset);
    }

    [Fact]
    public async Task Node_IsPaused_AnswersOnceItGoesOn()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders");
        await cluster.ProduceAsync("orders", null, "before");
        await using KafkaProducer producer = cluster.CreateProducer();
        await producer.TopicAsync("orders");

        cluster.Nodes[0].Pause();
        Task<RecordMetadata> sent = producer.SendAsync(
            new ProducerRecord { Topic = "orders", Value = new byte[1] }).AsTask();
        await Task.Delay(100);
        bool wasAnswered = sent.IsCompleted;
        cluster.Nodes[0].Resume();

        Assert.False(wasAnswered);
        Assert.Equal(1, (await sent).Offset);
    }

    [Fact]
    public async Task Faults_RefuseDropAndLoseAnswers_AndEveryRecordIsThereOnce()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders");
        cluster.Faults.Fail(ApiKey.Produce, ErrorCode.NotLeaderOrFollower, times: 2);
        cluster.Faults.DropRequest(ApiKey.Produce);
        cluster.Faults.DropAnswer(ApiKey.Produce);
        cluster.Faults.Delay(ApiKey.Produce, TimeSpan.FromMilliseconds(5), times: 1);

        await cluster.ProduceAsync("orders", null, "one");

        Assert.Equal(5, cluster.Faults.Met);
        Assert.Equal([new TestRecord(0, 0, null, "one")], await cluster.ReadAllAsync("orders"));
    }

    [Fact]
    public async Task Faults_ErrorThatIsFinal_ReachesTheCaller_UntilTheRuleEnds()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders");
        IDisposable rule = cluster.Faults.Fail(ApiKey.Produce, ErrorCode.TopicAuthorizationFailed);

        KafkaException error = await Assert.ThrowsAsync<KafkaException>(
            () => cluster.ProduceAsync("orders", null, "x"));
        rule.Dispose();

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, error.Code);
        await cluster.ProduceAsync("orders", null, "x");
    }

    [Fact]
    public async Task Clock_IsMoved_WhatWaitsGoesOn_AndNobodyIsThoughtDead()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(nodes: 3);
        await cluster.CreateTopicAsync("orders");
        await using KafkaProducer producer = cluster.CreateProducer(new ProducerOptions
        {
            Linger = TimeSpan.FromSeconds(20),
        });
        await producer.TopicAsync("orders");
        DateTimeOffset before = cluster.Clock.GetUtcNow();
        Stopwatch real = Stopwatch.StartNew();
        Task<RecordMetadata> sent = producer.SendAsync(
            new ProducerRecord { Topic = "orders", Value = new byte[1] }).AsTask();

        await cluster.Clock.AdvanceAsync(TimeSpan.FromSeconds(21));

        Assert.Equal(0, (await sent).Offset);
        Assert.True(cluster.Clock.GetUtcNow() - before >= TimeSpan.FromSeconds(21));
        Assert.True(real.Elapsed < TimeSpan.FromSeconds(19));
        Assert.All(cluster.Nodes, node => Assert.True(node.IsRunning));
    }

    [Fact]
    public async Task WallClock_IsShifted_OldRecordsAreDeleted()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders", configs: new Dictionary<string, string>
        {
            ["retention.ms"] = "86400000",
        });
        await cluster.ProduceAsync("orders", null, "old");

        cluster.Clock.ShiftWallClock(TimeSpan.FromDays(2));

        await using KRaftSharp.Client.Consumer.KafkaConsumer consumer = cluster.CreateConsumer();
        TopicPartition partition = new("orders", 0);
        for (int i = 0; i < 40 && await StartAsync() == 0; i++)
        {
            await cluster.Clock.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, await StartAsync());

        async Task<long> StartAsync() => (await consumer.BeginningOffsetsAsync([partition]))[partition].Offset;
    }
}
