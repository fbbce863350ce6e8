using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class TopicsTests(ToolCluster cluster)
{
    /// <summary>Names that the shell completes come from the cluster; the help of a command asks nobody.</summary>
    [Theory]
    [InlineData]
    [InlineData("consume")]
    [InlineData("topics", "describe")]
    [InlineData("groups", "reset-offsets")]
    [InlineData("transactions", "describe")]
    public async Task Help_TellsTheUsage(params string[] command)
    {
        ToolRun help = await cluster.RunAsync([.. command, "--help"]);

        Assert.Equal(0, help.Code);
        Assert.Contains("Usage:", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("xception", help.Output + help.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Topic_FromCreationToDeletion()
    {
        ToolRun created = await cluster.RunAsync(
            "topics", "create", "life", "-p", "3", "-r", "2", "-c", "retention.ms=1000");
        Assert.StartsWith("created topic life: 3 partitions, replication factor 2, id ", created.Output,
            StringComparison.Ordinal);
        ToolRun again = await cluster.RunAsync("topics", "create", "life");
        Assert.Equal(1, again.Code);
        Assert.Contains("TOPIC_ALREADY_EXISTS", again.Error, StringComparison.Ordinal);
        Assert.Contains("hint:", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await cluster.RunAsync("topics", "create", "life", "--if-not-exists")).Code);

        ToolRun altered = await cluster.RunAsync(
            "topics", "alter", "life", "-p", "4", "-c", "segment.bytes=2000000", "--delete-config", "retention.ms");
        Assert.Equal("altered topic life\n", altered.Output);
        ToolRun described = await cluster.RunAsync("topics", "describe", "life");
        Assert.Contains("  segment.bytes=2000000\n", described.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("retention.ms", described.Output, StringComparison.Ordinal);
        Assert.Equal(4, described.Rows.Count(row => row.Length == 6));

        Assert.Equal("deleted topic life\n", (await cluster.RunAsync("topics", "delete", "life")).Output);
        Assert.Equal(1, (await cluster.RunAsync("topics", "delete", "life")).Code);
        Assert.Equal(0, (await cluster.RunAsync("topics", "delete", "life", "--if-exists")).Code);
    }

    [Fact]
    public async Task Json_HasTheSame()
    {
        JsonElement created = (await cluster.RunAsync(
            "topics", "create", "as-json", "-p", "2", "-r", "2", "-c", "retention.ms=1000", "--output", "json"))
            .Json[0];
        Assert.True(created.GetProperty("ok").GetBoolean());
        Assert.Equal(2, created.GetProperty("partitions").GetInt32());

        JsonElement topic = (await cluster.RunAsync("topics", "describe", "as-json", "--output", "json")).Json[0];
        Assert.Equal("as-json", topic.GetProperty("topic").GetString());
        Assert.Equal(created.GetProperty("id").GetString(), topic.GetProperty("id").GetString());
        Assert.Equal("1000", topic.GetProperty("configs").GetProperty("retention.ms").GetString());
        JsonElement partition = topic.GetProperty("partitionStates")[1];
        Assert.Equal(1, partition.GetProperty("partition").GetInt32());
        Assert.Equal([1, 2], partition.GetProperty("replicas").EnumerateArray().Select(id => id.GetInt32()).Order());
        Assert.Contains(
            (await cluster.RunAsync("topics", "list", "--output", "json")).Json.EnumerateArray(),
            one => one.GetProperty("topic").GetString() == "as-json");
    }

    [Fact]
    public async Task UnknownTopic_TheRightNameIsOffered()
    {
        await cluster.CreateTopicAsync("flights-of-today");

        ToolRun run = await cluster.RunAsync("topics", "describe", "flights-of-tody");

        Assert.Equal(1, run.Code);
        Assert.Equal(
            "kraftsharp topics describe: topic 'flights-of-tody' does not exist (UNKNOWN_TOPIC_OR_PARTITION)\n"
            + "  hint: did you mean 'flights-of-today'?\n",
            run.Error);
        ToolRun json = await cluster.RunAsync("topics", "describe", "flights-of-tody", "--output", "json");
        JsonElement error = JsonDocument.Parse(json.Error).RootElement;
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", error.GetProperty("error").GetString());
    }

    [Fact]
    public async Task WrongUse_IsSaid()
    {
        ToolRun nothing = await cluster.RunAsync("topics", "alter", "any");
        Assert.Equal(2, nothing.Code);
        Assert.Contains("nothing to change", nothing.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await cluster.RunAsync("topics", "create", "any", "-c", "no-equals-sign")).Code);
        Assert.NotEqual(0, (await cluster.RunAsync("topics", "create", "any", "-p", "many")).Code);
        ToolRun config = await cluster.RunAsync("topics", "create", "any", "-c", "segment.bytes=x");
        Assert.Contains("INVALID_CONFIG", config.Error, StringComparison.Ordinal);
        ToolRun replication = await cluster.RunAsync("topics", "create", "any", "-r", "9");
        Assert.Contains("INVALID_REPLICATION_FACTOR", replication.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreachableBroker_IsSaidWithAWayOut()
    {
        ToolRun run = await cluster.RunAsync("topics", "list", "-b", "127.0.0.1:1", "--timeout-ms", "300");

        Assert.Equal(1, run.Code);
        Assert.Contains("NETWORK_EXCEPTION", run.Error, StringComparison.Ordinal);
        Assert.Contains("is a broker running at 127.0.0.1:1?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteRecords_MovesTheStart()
    {
        await cluster.CreateTopicAsync("cut", 1, "a:1", "b:2", "c:3");

        ToolRun run = await cluster.RunAsync("topics", "delete-records", "cut:0", "--before-offset", "2");

        Assert.Equal("cut-0 starts at 2\n", run.Output);
        Assert.Equal(["cut", "0", "2", "3", "1"], (await cluster.RunAsync("partitions", "offsets", "cut")).Rows[0]);
        Assert.Equal(2, (await cluster.RunAsync("topics", "delete-records", "cut")).Code);
        ToolRun beyond = await cluster.RunAsync("topics", "delete-records", "cut:0", "--before-offset", "20");
        Assert.Contains("OFFSET_OUT_OF_RANGE", beyond.Error, StringComparison.Ordinal);
        ToolRun partition = await cluster.RunAsync("topics", "delete-records", "cut:5", "--all");
        Assert.Contains("has partitions 0 to 0, not 5", partition.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Terminal_TableFitsAndHasColours(int width)
    {
        await cluster.CreateTopicAsync($"drawn-{width}");

        ToolRun run = await cluster.OnTerminalAsync(width, "topics", "describe", $"drawn-{width}");

        Assert.Contains("╭", run.Output, StringComparison.Ordinal);
        Assert.Contains("\e[", run.Output, StringComparison.Ordinal);
        Assert.All(
            TerminalText.WithoutColours(run.Output).Split('\n').Where(line => line.StartsWith('│')),
            line => Assert.True(line.Length <= width, line));
    }
}
