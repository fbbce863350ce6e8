using System.CommandLine;
using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class ClusterTests(ToolCluster cluster)
{
    [Fact]
    public async Task Cluster_ShowsItsBrokersAndFolders()
    {
        ToolRun text = await cluster.RunAsync("cluster", "describe");
        Assert.Contains(text.Rows, row => row is ["1", _, _, "active", ..]);
        JsonElement json = (await cluster.RunAsync("cluster", "describe", "--output", "json")).Json;
        Assert.Equal(
            [1, 2],
            json.GetProperty("brokerStates").EnumerateArray().Select(one => one.GetProperty("broker").GetInt32()));

        Assert.Equal(2, (await cluster.RunAsync("cluster", "log-dirs")).Rows.Length);
        await cluster.CreateTopicAsync("weighed", 1, "a:1");
        JsonElement replicas = (await cluster.RunAsync(
            "cluster", "log-dirs", "--broker", "2", "--replicas", "--output", "json")).Json;
        Assert.Contains(
            replicas.EnumerateArray(), one => one.GetProperty("partition").GetString() == "weighed-0"
                && one.GetProperty("broker").GetInt32() == 2);
        ToolRun unknown = await cluster.RunAsync("cluster", "log-dirs", "--broker", "9", "--timeout-ms", "500");
        Assert.Contains("there is no broker 9", unknown.Error, StringComparison.Ordinal);
        ToolRun unregister = await cluster.RunAsync("cluster", "unregister", "9");
        Assert.Contains("BROKER_ID_NOT_REGISTERED", unregister.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quorum_ShowsLeaderAndObserver()
    {
        ToolRun text = await cluster.RunAsync("quorum", "describe");
        Assert.Equal(["1", "leader"], text.Rows[1][..2]);
        Assert.Contains(text.Rows, row => row is ["2", "observer", ..]);
        JsonElement json = (await cluster.RunAsync("quorum", "describe", "--output", "json")).Json;
        Assert.Equal(1, json.GetProperty("leader").GetInt32());
        ToolRun add = await cluster.RunAsync("quorum", "add-voter", "7", "--listener", "CONTROLLER=127.0.0.1:1");
        Assert.Contains("the quorum has 0 observers with node id 7", add.Error, StringComparison.Ordinal);
        ToolRun remove = await cluster.RunAsync("quorum", "remove-voter", "7");
        Assert.Contains("the quorum has 0 voters with node id 7", remove.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_ShowAndRefuse()
    {
        ToolRun text = await cluster.RunAsync("features", "describe");
        string[] version = text.Rows.Single(row => row[0] == "metadata.version");
        Assert.True(int.Parse(version[1]) >= int.Parse(version[2]));
        ToolRun same = await cluster.RunAsync("features", "upgrade", "metadata.version=99", "--dry-run");
        Assert.Equal(1, same.Code);
        Assert.Contains("INVALID_UPDATE_VERSION", same.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await cluster.RunAsync("features", "upgrade", "metadata.version=x")).Code);
        JsonElement json = (await cluster.RunAsync("features", "describe", "--output", "json")).Json;
        Assert.Contains(json.EnumerateArray(), one => one.GetProperty("feature").GetString() == "metadata.version");
    }

    [Fact]
    public async Task Configs_FromChangeToDefault()
    {
        await cluster.CreateTopicAsync("tuned");

        ToolRun set = await cluster.RunAsync(
            "configs", "alter", "topic", "tuned", "-s", "retention.ms=1000", "--append", "cleanup.policy=compact");
        Assert.Equal("retention.ms set 1000\ncleanup.policy append compact\n", set.Output);
        ToolRun shown = await cluster.RunAsync("configs", "describe", "topic", "tuned");
        Assert.Contains(shown.Rows, row => row is ["retention.ms", "1000", "topic", "no"]);
        Assert.Contains(shown.Rows, row => row[0] == "cleanup.policy" && row[1].Contains("compact"));
        await cluster.RunAsync("configs", "alter", "topic", "tuned", "-d", "retention.ms");
        JsonElement json = (await cluster.RunAsync(
            "configs", "describe", "topic", "tuned", "-k", "retention.ms", "--output", "json")).Json;
        Assert.Equal("default", json[0].GetProperty("source").GetString());

        ToolRun dry = await cluster.RunAsync(
            "configs", "alter", "broker", "default", "-s", "log.retention.ms=5000", "--dry-run");
        Assert.Equal("log.retention.ms set 5000: allowed\n", dry.Output);
        ToolRun wrong = await cluster.RunAsync("configs", "alter", "topic", "tuned", "-s", "retention.ms=x");
        Assert.Contains("INVALID_CONFIG", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await cluster.RunAsync("configs", "describe", "broker", "one")).Code);
        Assert.Contains(
            (await cluster.RunAsync("configs", "list", "--type", "topic")).Rows, row => row is ["topic", "tuned"]);
    }

    [Fact]
    public async Task Completion_KnowsCommandsAndTopics()
    {
        await cluster.CreateTopicAsync("completed");
        foreach (string shell in (string[])["bash", "zsh", "fish"])
        {
            ToolRun script = await cluster.RunAsync("completion", shell);
            Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
        }

        // The program is the tests' host here.
        string commandLine = $"{RootCommand.ExecutableName} top";
        ToolRun commands = await cluster.RunAsync($"[suggest:{commandLine.Length}]", commandLine);
        Assert.Contains("topics\n", commands.Output, StringComparison.Ordinal);
        string line = $"{RootCommand.ExecutableName} topics describe -b {cluster.Bootstrap} comp";
        ToolRun topics = await cluster.RunAsync($"[suggest:{line.Length}]", line);
        Assert.Contains("completed", topics.Output, StringComparison.Ordinal);
    }
}
