using Confluent.Kafka;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Nodes that are only brokers, or only controllers.</summary>
public sealed class SeparateRolesTests(SeparateNodes cluster) : IClassFixture<SeparateNodes>
{
    private const int MostAttempts = 150;

    [Fact]
    public async Task ActiveControllerAndABrokerAreKilled_ProducingGoesOnAndLosesNothing()
    {
        const string topic = "apart";
        await cluster.CreateTopicAsync(topic);
        List<string> sent = [];
        using IProducer<Null, string> producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = cluster.Bootstrap,
            Acks = Acks.All,
            EnableIdempotence = true,
        }).Build();
        int controller = await cluster.ActiveControllerAsync();
        foreach (Func<Task> fault in new Func<Task>[]
        {
            () => Task.CompletedTask, () => cluster.KillAsync(controller), () => cluster.KillAsync(2),
            () => cluster.StartAsync(controller), () => cluster.StartAsync(2),
        })
        {
            await fault();
            for (int i = 0; i < 20; i++)
            {
                sent.Add($"record {sent.Count}");
                await producer.ProduceAsync(topic, new Message<Null, string> { Value = sent[^1] });
            }
        }

        Assert.NotEqual(controller, await cluster.ActiveControllerAsync());
        string found = await cluster.ToolAsync(
            "consume", topic, "--from-beginning", "--until-end", "--format", "%s\\n");
        Assert.Equal(
            sent.Order(StringComparer.Ordinal),
            found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    /// <summary>What it lacks is no longer in the leader's log: it has to fetch the snapshot (KIP-630).</summary>
    [Fact]
    public async Task ControllerThatLostItsLog_IsBackWithASnapshotOfTheLeader()
    {
        int leader = await cluster.ActiveControllerAsync();
        int lost = SeparateNodes.Controllers.First(id => id != leader);
        await cluster.KillAsync(lost);
        string folder = cluster.PathOf($"{lost}", "__cluster_metadata-0");
        Directory.Delete(folder, recursive: true);
        for (int i = 0; File.Exists(cluster.PathOf($"{leader}", "__cluster_metadata-0", $"{0:d20}.log")); i++)
        {
            Assert.True(i < 30, "the leader's log still begins at 0");
            await cluster.CreateTopicAsync($"filler-{i}");
        }

        await cluster.StartAsync(lost);
        for (int i = 0; !await cluster.IsInStepAsync(lost); i++)
        {
            Assert.True(i < MostAttempts, "the controller does not catch up");
        }

        Assert.NotEmpty(Directory.GetFiles(folder, "*.checkpoint"));
        Assert.False(File.Exists(Path.Combine(folder, $"{0:d20}.log")));
    }
}
