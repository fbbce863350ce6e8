using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class PartitionsTests(ToolCluster cluster)
{
    [Fact]
    public async Task Reassign_PlansThenMoves()
    {
        Assert.Equal(0, (await cluster.RunAsync("topics", "create", "moved", "-p", "2", "-r", "1")).Code);
        await cluster.RunAsync(["produce", "moved", "-q"], "a\nb\nc\n");

        ToolRun plan = await cluster.RunAsync("partitions", "reassign", "moved", "--brokers", "2", "--output", "json");
        Assert.Contains("add --execute", (await cluster.RunAsync("partitions", "reassign", "moved", "-r", "2")).Error,
            StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, plan.Output);
        ToolRun done = await cluster.RunAsync("partitions", "reassign", "--plan", file, "--execute");

        File.Delete(file);
        Assert.True(done.Code == 0, done.Error);
        JsonElement topic = (await cluster.RunAsync("topics", "describe", "moved", "--output", "json")).Json[0];
        Assert.All(
            topic.GetProperty("partitionStates").EnumerateArray(),
            one => Assert.Equal(2, one.GetProperty("leader").GetInt32()));
        Assert.Empty((await cluster.RunAsync("partitions", "moves")).Output);
        ToolRun nothing = await cluster.RunAsync("partitions", "reassign", "moved", "--brokers", "2", "--execute");
        Assert.Equal(0, nothing.Code);
        ToolRun read = await cluster.RunAsync("consume", "moved", "--from-beginning", "-e");
        Assert.Equal(3, read.Rows.Length);
        ToolRun cancel = await cluster.RunAsync("partitions", "cancel", "moved:0");
        Assert.Contains("NO_REASSIGNMENT_IN_PROGRESS", cancel.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reassign_WrongUse()
    {
        await cluster.CreateTopicAsync("still");

        ToolRun broker = await cluster.RunAsync("partitions", "reassign", "still", "--brokers", "1,9");
        Assert.Contains("there is no broker 9", broker.Error, StringComparison.Ordinal);
        ToolRun many = await cluster.RunAsync("partitions", "reassign", "still", "-r", "3");
        Assert.Contains("shall have 3 replicas, but 2 brokers are named", many.Error, StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{}");
        ToolRun plan = await cluster.RunAsync("partitions", "reassign", "--plan", file);
        Assert.Contains("is no plan like", plan.Error, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Elect_SaysWhatWasNeeded()
    {
        await cluster.CreateTopicAsync("led");

        ToolRun text = await cluster.RunAsync("partitions", "elect", "led:0");
        Assert.Equal("led-0: its leader is the right one\n", text.Output);
        JsonElement json = (await cluster.RunAsync("partitions", "elect", "led", "--output", "json")).Json;
        Assert.Equal(2, json.GetArrayLength());
        Assert.False(json[0].GetProperty("elected").GetBoolean());
    }

    [Fact]
    public async Task Offsets_WithTime()
    {
        await cluster.CreateTopicAsync("timed", 1, "a:1", "b:2");

        ToolRun text = await cluster.RunAsync("partitions", "offsets", "timed", "--time", "2020-01-31");
        Assert.Equal(["timed", "0", "0", "2", "2", "0"], text.Rows[0][..6]);
        JsonElement json = (await cluster.RunAsync("partitions", "offsets", "timed", "--output", "json")).Json;
        Assert.Equal(2, json[0].GetProperty("end").GetInt32());
    }
}
