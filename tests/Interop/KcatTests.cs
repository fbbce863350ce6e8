using System.Text.Json;
using KRaftSharp.Tests.Interop.Clients;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>kcat, and with it librdkafka as Debian ships it.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class KcatTests(ThreeNodes cluster)
{
    [KcatTheory]
    [InlineData("none", false)]
    [InlineData("gzip", false)]
    [InlineData("snappy", false)]
    [InlineData("lz4", false)]
    [InlineData("zstd", false)]
    [InlineData("none", true)]
    [InlineData("zstd", true)]
    public async Task Kcat_ProducesWithAcksAll_EachNodeGivesEverythingBack(string codec, bool idempotent)
    {
        string topic = $"kcat-{codec}-{idempotent}";
        await cluster.CreateTopicAsync(topic);

        await Shell.RunAsync(
            "kcat",
            [
                "-P", "-b", cluster.Bootstrap, "-t", topic, "-K", "\\t", "-z", codec, "-X", "acks=all",
                "-X", $"enable.idempotence={idempotent}",
            ],
            Flights.Text);

        for (int node = 1; node <= ThreeNodes.Count; node++)
        {
            Flights.AssertSame(await ReadAsync(cluster.AddressOf(node), topic));
        }
    }

    [KcatFact]
    public async Task Kcat_ProducesToNewTopic_TopicIsCreated()
    {
        const string topic = "kcat-auto";

        await Shell.RunAsync("kcat", ["-P", "-b", cluster.AddressOf(2), "-t", topic], "one\ntwo\n");

        string read = await Shell.RunAsync(
            "kcat", ["-C", "-b", cluster.AddressOf(3), "-t", topic, "-o", "beginning", "-e", "-q"]);
        Assert.Equal("one\ntwo\n", read);
    }

    [KcatFact]
    public async Task Kcat_ListsMetadata_ThreeBrokersAndTheTopic()
    {
        const string topic = "kcat-list";
        await cluster.CreateTopicAsync(topic);

        string json = await Shell.RunAsync("kcat", ["-L", "-J", "-b", cluster.AddressOf(1)]);

        using JsonDocument metadata = JsonDocument.Parse(json);
        Assert.Equal(ThreeNodes.Count, metadata.RootElement.GetProperty("brokers").GetArrayLength());
        JsonElement found = metadata.RootElement.GetProperty("topics").EnumerateArray().Single(
            entry => entry.GetProperty("topic").GetString() == topic);
        Assert.Equal(6, found.GetProperty("partitions").GetArrayLength());
    }

    [KcatFact]
    public async Task Kcat_SeeksByTimestamp_ReadsFromThere()
    {
        const string topic = "kcat-time";
        await cluster.CreateTopicAsync(topic);
        await cluster.ToolAsync("topics", "describe", topic);
        await Shell.RunAsync("kcat", ["-P", "-b", cluster.Bootstrap, "-t", topic, "-p", "0"], "old\nnew\n");

        string offset = await Shell.RunAsync("kcat", ["-Q", "-b", cluster.Bootstrap, "-t", $"{topic}:0:1"]);

        Assert.Contains("offset 0", offset, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ReadAsync(string bootstrap, string topic)
    {
        string text = await Shell.RunAsync(
            "kcat", ["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%k\\t%s\\n"]);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
