using System.Collections.Concurrent;
using System.Text.Json;
using Confluent.Kafka;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Nodes die under a client that goes on producing; this class has a cluster of its own.</summary>
public sealed class FailoverTests(ThreeNodes cluster) : IClassFixture<ThreeNodes>
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMilliseconds(4);

    [Fact]
    public async Task KillMinusNine_OfEachNodeInTurn_LosesNothingAcknowledgedAndKeepsOrder()
    {
        const string topic = "failover";
        await cluster.CreateTopicAsync(topic);
        ConcurrentBag<string> acknowledged = [];
        ConcurrentBag<Error> failures = [];

        Task killing = KillEachInTurnAsync();
        using (IProducer<string, string> producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = cluster.Bootstrap,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 1,
        }).Build())
        {
            foreach (string line in Flights.Lines)
            {
                producer.Produce(
                    topic,
                    new Message<string, string> { Key = Flights.KeyOf(line), Value = Flights.ValueOf(line) },
                    report =>
                    {
                        if (report.Error.IsError)
                        {
                            failures.Add(report.Error);
                        }
                        else
                        {
                            acknowledged.Add($"{report.Message.Key}\t{report.Message.Value}");
                        }
                    });
                await Task.Delay(BetweenLines);
            }

            await killing;
            Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(60)));
        }

        Assert.Empty(failures);
        Assert.Equal(Flights.Lines.Count, acknowledged.Count);
        List<string> found = await ReadAsync(topic);
        Assert.Empty(acknowledged.Except(found));
        Flights.AssertSame(found); // idempotent: nothing twice, order by key kept
        AssertCountsRise(found);
    }

    private async Task KillEachInTurnAsync()
    {
        // The leader of the quorum is one of them.
        for (int node = 1; node <= ThreeNodes.Count; node++)
        {
            await cluster.KillAsync(node);
            await cluster.StartAsync(node);
            await WaitUntilInSyncAsync();
        }
    }

    /// <summary>Two nodes at once may not be missing: that is what the replicas are for.</summary>
    private async Task WaitUntilInSyncAsync()
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            string described = await cluster.ToolAsync("topics", "describe", "failover");
            string[] partitions =
            [
                .. described.Split('\n').Where(line => line.Length > 0 && char.IsDigit(line[0])),
            ];
            if (partitions.Length > 0 && partitions.All(
                line => line.Split('\t')[4].Split(',').Length == ThreeNodes.Count))
            {
                return;
            }
        }

        Assert.Fail("the restarted node did not come back into the ISR of every partition");
    }

    private async Task<List<string>> ReadAsync(string topic)
    {
        string text = await cluster.ToolAsync(
            "consume", topic, "--from-beginning", "--until-end", "--format", "%k\\t%s\\n");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>k counts the lines of a key from 1 on.</summary>
    private static void AssertCountsRise(IEnumerable<string> lines)
    {
        Dictionary<string, int> last = [];
        foreach (string line in lines)
        {
            using JsonDocument value = JsonDocument.Parse(Flights.ValueOf(line));
            int k = value.RootElement.GetProperty("k").GetInt32();
            Assert.Equal(last.GetValueOrDefault(Flights.KeyOf(line)) + 1, k);
            last[Flights.KeyOf(line)] = k;
        }
    }
}
