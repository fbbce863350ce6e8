using System.Globalization;
using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>What moves: the stream of events, the metrics.</summary>
public sealed class LiveTests(AdminFixture admin) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_change_of_the_metadata_is_told_at_once()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await using Stream stream = await admin.Http.GetStreamAsync(
            new Uri("/v1/events", UriKind.Relative), patience.Token);
        using StreamReader reader = new(stream);
        await ReadUntilAsync(reader, "event: sample", patience.Token);
        await admin.CreateTopicAsync("told");
        string data;
        do
        {
            data = await ReadUntilAsync(reader, "event: metadata", patience.Token);
        }
        while (!data.Contains("\"told\"", StringComparison.Ordinal));
        JsonNode records = JsonNode.Parse(data["data: ".Length..])!;
        Assert.Contains(records.AsArray(), record => (string)record!["type"]! == "TopicRecord");

        JsonNode story = await admin.GetAsync("/v1/topics/told/partitions/0/story");
        Assert.Equal("PartitionRecord", (string)story[0]!["type"]!);
    }

    [Fact]
    public async Task Metrics_are_well_formed_and_count_what_happens()
    {
        await admin.CreateTopicAsync("counted");
        for (int i = 0; i < 3; i++)
        {
            await admin.PostAsync(
                $"{admin.Cluster}/topics/counted/records", """{"value":{"type":"STRING","data":"v"}}""");
        }

        await admin.GetAsync("/v1/topics/counted/partitions/0/records?offset=0");
        Dictionary<string, double> samples = Parse(
            await admin.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
        Assert.Equal(3, samples["""kafka_server_brokertopicmetrics_messagesin_total{topic="counted"}"""]);
        Assert.True(samples["""kafka_server_brokertopicmetrics_bytesout_total{topic="counted"}"""] > 0);
        Assert.Equal(3, samples["""kafka_log_log_logendoffset{topic="counted",partition="0"}"""]);
        Assert.Equal(1, samples["kafka_controller_kafkacontroller_activecontrollercount"]);
        Assert.True(samples["""kafka_network_requestmetrics_requests_total{request="Produce",version="13"}"""] >= 3);
        Assert.Equal(1, samples["""kafka_server_raftmetrics_current_state{state="leader"}"""]);
    }

    /// <summary>The rules of the text format: a type before its samples, samples of a metric together and once.
    /// </summary>
    private static Dictionary<string, double> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Dictionary<string, double> samples = [];
        HashSet<string> metrics = [];
        string current = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                current = line.Split(' ')[2];
                Assert.True(metrics.Add(current), $"{current} twice");
                Assert.Contains(line.Split(' ')[3], new[] { "counter", "gauge", "summary" });
            }
            else if (!line.StartsWith('#'))
            {
                int space = line.LastIndexOf(' ');
                string name = line[..space];
                Assert.StartsWith(current, name, StringComparison.Ordinal);
                samples.Add(name, double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture));
            }
        }

        return samples;
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string line, CancellationToken cancellation)
    {
        while (await reader.ReadLineAsync(cancellation) is { } read)
        {
            if (read == line)
            {
                return await reader.ReadLineAsync(cancellation) ?? "";
            }
        }

        throw new EndOfStreamException("the stream ended");
    }
}
