using System.Text.Json;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class GroupsTests(ToolCluster cluster)
{
    [Fact]
    public async Task Describe_ShowsLag()
    {
        await CommitAsync("lagging", "read", 1);

        ToolRun list = await cluster.RunAsync("groups", "list");
        Assert.Contains(list.Rows, row => row is ["lagging", "classic", "Empty", ..]);
        ToolRun described = await cluster.RunAsync("groups", "describe", "lagging");
        Assert.Contains("group lagging: type classic, state Empty", described.Output, StringComparison.Ordinal);
        Assert.Equal(["read", "0", "1", "3", "2", "-"], described.Rows[1]);
        JsonElement json = (await cluster.RunAsync("groups", "describe", "lagging", "--output", "json")).Json[0];
        Assert.Equal(2, json.GetProperty("lag").GetInt32());
        Assert.Equal(3, json.GetProperty("offsets")[0].GetProperty("logEnd").GetInt32());
        Assert.Equal(0, json.GetProperty("memberStates").GetArrayLength());
    }

    [Theory]
    [InlineData(0, "--to-earliest")]
    [InlineData(3, "--to-latest")]
    [InlineData(2, "--to-offset", "2")]
    [InlineData(3, "--to-offset", "99")]
    [InlineData(0, "--shift-by", "-1")]
    [InlineData(1, "--to-current")]
    [InlineData(0, "--to-datetime", "2020-01-31")]
    [InlineData(3, "--to-datetime", "2100-01-31T10:00Z")]
    [InlineData(0, "--by-duration", "1h")]
    public async Task ResetOffsets_DryRunChangesNothing_ExecuteDoes(int expected, params string[] target)
    {
        string group = $"reset{string.Concat(target)}";
        await CommitAsync(group, "reset", 1);

        ToolRun dry = await cluster.RunAsync(["groups", "reset-offsets", group, .. target]);
        Assert.Equal(["reset", "0", "1", $"{expected}", $"{expected - 1}", "no"], dry.Rows[0]);
        Assert.Contains("add --execute", dry.Error, StringComparison.Ordinal);
        Assert.Equal(1, await CommittedAsync(group, "reset"));

        ToolRun done = await cluster.RunAsync(
            ["groups", "reset-offsets", group, .. target, "--execute", "--output", "json"]);
        Assert.True(done.Json[0].GetProperty("done").GetBoolean());
        Assert.Equal(expected, done.Json[0].GetProperty("to").GetInt32());
        Assert.Equal(expected, await CommittedAsync(group, "reset"));
    }

    [Fact]
    public async Task ResetOffsets_FromFile()
    {
        await CommitAsync("from-file", "filed", 1);
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "filed,0,2\n");

        Assert.Equal(0, (await cluster.RunAsync(
            "groups", "reset-offsets", "from-file", "--from-file", path, "--execute")).Code);
        Assert.Equal(2, await CommittedAsync("from-file", "filed"));

        await File.WriteAllTextAsync(path, "filed,0,2\nfiled,x,2\n");
        ToolRun wrong = await cluster.RunAsync("groups", "reset-offsets", "from-file", "--from-file", path);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("line 2: 'filed,x,2' is not of the form", wrong.Error, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public async Task WrongUse_IsSaid()
    {
        await CommitAsync("right", "right", 1);

        ToolRun none = await cluster.RunAsync("groups", "reset-offsets", "right");
        Assert.Contains("say where to: give one of --to-earliest", none.Error, StringComparison.Ordinal);
        ToolRun both = await cluster.RunAsync("groups", "reset-offsets", "right", "--to-earliest", "--to-latest");
        Assert.Contains("give one of --to-earliest and --to-latest", both.Error, StringComparison.Ordinal);
        ToolRun unknown = await cluster.RunAsync("groups", "describe", "rigth");
        Assert.Equal(1, unknown.Code);
        Assert.Contains("did you mean 'right'?", unknown.Error, StringComparison.Ordinal);
        ToolRun nobody = await cluster.RunAsync("groups", "reset-offsets", "nobody", "--to-earliest");
        Assert.Contains("has no offsets to reset", nobody.Error, StringComparison.Ordinal);
        ToolRun time = await cluster.RunAsync("groups", "reset-offsets", "right", "--to-datetime", "soon");
        Assert.Contains("'soon' is no time", time.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await cluster.RunAsync("groups", "remove-members", "right")).Code);
        ToolRun member = await cluster.RunAsync("groups", "remove-members", "right", "--member", "x");
        Assert.Contains("UNKNOWN_MEMBER_ID", member.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteOffsets_ThenTheGroup()
    {
        await CommitAsync("leaving", "left", 1);

        ToolRun offsets = await cluster.RunAsync("groups", "delete-offsets", "leaving", "left:0");
        Assert.Equal("group leaving has no offset for left-0\n", offsets.Output);
        Assert.Equal(-1, await CommittedAsync("leaving", "left"));
        // An empty group goes with its last offset.
        await CommitAsync("leaving", "left", 1);
        Assert.Equal("deleted group leaving\n", (await cluster.RunAsync("groups", "delete", "leaving")).Output);
        ToolRun again = await cluster.RunAsync("groups", "delete", "leaving");
        Assert.Contains("GROUP_ID_NOT_FOUND", again.Error, StringComparison.Ordinal);
    }

    private KafkaAdmin Admin() => KafkaAdmin.Create(new ClientOptions { BootstrapServers = cluster.Bootstrap });

    private async Task CommitAsync(string group, string topic, long offset)
    {
        await using KafkaAdmin admin = Admin();
        if ((await admin.Topics.ListAsync()).All(one => one.Name != topic))
        {
            await cluster.CreateTopicAsync(topic, 1, "a:1", "b:2", "c:3");
        }

        TopicPartition partition = new(topic, 0);
        (await admin.Groups.AlterOffsetsAsync(
            group, new Dictionary<TopicPartition, OffsetAndMetadata> { [partition] = new(offset) }))[partition]
            .ThrowIfFailed();
    }

    private async Task<long> CommittedAsync(string group, string topic)
    {
        await using KafkaAdmin admin = Admin();
        return (await admin.Groups.ListOffsetsAsync(group)).TryGetValue(
            new TopicPartition(topic, 0), out OffsetAndMetadata offset)
            ? offset.Offset
            : -1;
    }
}
