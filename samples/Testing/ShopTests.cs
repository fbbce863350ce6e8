using KRaftSharp.Client.Producer;
using KRaftSharp.Protocol;
using KRaftSharp.Testing;
using Xunit;

namespace KRaftSharp.Samples.Testing;

/// <summary>How an application is tested against a cluster of its own: dotnet test samples/Testing</summary>
public sealed class ShopTests
{
    [Fact]
    public async Task Order_IsWrittenOnce_WhenTheAnswerIsLost()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync();
        await cluster.CreateTopicAsync("orders");
        cluster.Faults.DropAnswer(ApiKey.Produce);

        await using KafkaProducer producer = cluster.CreateProducer();
        await producer.SendAsync(new ProducerRecord { Topic = "orders", Value = "tea"u8.ToArray() });

        Assert.Equal(["tea"], (await cluster.ReadAllAsync("orders")).Select(record => record.Value));
    }

    [Fact]
    public async Task Orders_GoOn_WhenTheControllerDies()
    {
        await using KafkaTestCluster cluster = await KafkaTestCluster.StartAsync(nodes: 3);
        await cluster.CreateTopicAsync("orders", partitions: 3);

        await cluster.Controller!.KillAsync();
        await cluster.ProduceAsync("orders", "a", "tea");

        Assert.Single(await cluster.ReadAllAsync("orders"));
    }
}
