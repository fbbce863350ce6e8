using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>KafkaJS: a client that shares no code with librdkafka or Java's.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class KafkaJsTests(ThreeNodes cluster)
{
    [KafkaJsTheory]
    [InlineData(1, "none", false)]
    [InlineData(2, "gzip", false)]
    [InlineData(3, "none", true)]
    public async Task KafkaJs_CreatesTopicProducesAndFetches_EverythingComesBackInOrder(
        int node, string codec, bool idempotent)
    {
        string topic = $"kafkajs-{node}-{codec}-{idempotent}";

        string output = await Shell.RunAsync(
            "node",
            [
                Repository.PathOf("tests", "Interop", "KafkaJs", "roundtrip.js"), cluster.AddressOf(node), topic,
                idempotent ? "true" : "false", codec,
            ],
            Flights.Text,
            environment: new Dictionary<string, string>
            {
                ["NODE_PATH"] = Path.Combine(Installed.KafkaJsFolder, "node_modules"),
                ["KAFKAJS_NO_PARTITIONER_WARNING"] = "1",
            });

        string[][] records =
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 4)),
        ];
        Flights.AssertSame([.. records.Select(record => $"{record[2]}\t{record[3]}")]);
        Assert.Equal(6, records.Select(record => record[0]).Distinct().Count());
    }
}
