using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>What the README shows is what happens.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class ReadmeTests(ThreeNodes cluster)
{
    private static readonly string Readme = File.ReadAllText(Repository.PathOf("README.md"));

    [Fact]
    public async Task Readme_TableOfApis_IsWhatABrokerAnswers()
    {
        string output = await cluster.ToolAsync("apis");

        string[] rows = [.. output.Split('\n').Where(line => line.StartsWith('|'))];
        Assert.True(rows.Length > 10, output);
        Assert.All(rows, row => Assert.Contains(row, Readme, StringComparison.Ordinal));
        // The README breaks the lines of the rest.
        string missing = output.Split('\n').Single(line => line.StartsWith("Not yet:", StringComparison.Ordinal));
        Assert.Contains(missing, Readme.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(
            rows.Length,
            Readme.Split('\n').SkipWhile(line => line != rows[0]).TakeWhile(line => line.StartsWith('|')).Count());
    }

    [Fact]
    public async Task Readme_CommandsOfTheTool_Work()
    {
        await cluster.ToolAsync(
            "topics", "create", "readme", "--partitions", "6", "--replication-factor", "3", "--config",
            "min.insync.replicas=2");
        await Shell.RunAsync(
            Repository.PathOf("scripts", "kraftsharp"),
            ["produce", "readme", "--key-separator", "\\t", "-b", cluster.Bootstrap], Flights.Text);

        string read = await cluster.ToolAsync(
            "consume", "readme", "--from-beginning", "--until-end", "--format", "%k\\t%s\\n");

        Flights.AssertSame([.. read.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        string described = await cluster.ToolAsync("topics", "describe", "readme");
        Assert.Contains("min.insync.replicas=2", described, StringComparison.Ordinal);
        Assert.Contains("leader", await cluster.ToolAsync("quorum", "describe"), StringComparison.Ordinal);
    }
}
