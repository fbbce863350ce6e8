using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class RecordsTests(ToolCluster cluster)
{
    [Fact]
    public async Task Lines_ComeBackInEveryForm()
    {
        await cluster.CreateTopicAsync("forms");
        ToolRun sent = await cluster.RunAsync(
            ["produce", "forms", "-k", "\\t", "-p", "1", "-H", "a=b"], "k1\tv1\nk2\tv2\n");
        Assert.StartsWith("2 records (0.00 MB) in ", sent.Error, StringComparison.Ordinal);

        string[] read = ["consume", "forms", "--from-beginning", "-e"];
        Assert.Equal("v1\nv2\n", (await cluster.RunAsync(read)).Output);
        Assert.Equal("v2\n", (await cluster.RunAsync([.. read[..2], "-o", "-1", "-e"])).Output);
        Assert.Equal(
            "1 0 k1 v1 a=b\n1 1 k2 v2 a=b\n",
            (await cluster.RunAsync([.. read, "-f", "%p %o %k %s %h\\n"])).Output);
        Assert.Equal("7631\n7632\n", (await cluster.RunAsync([.. read, "-f", "hex"])).Output);
        string json = (await cluster.RunAsync([.. read, "--output", "json"])).Output;
        Assert.Equal(json, (await cluster.RunAsync([.. read, "-f", "json"])).Output);
        JsonElement first = JsonDocument.Parse(json.Split('\n')[0]).RootElement;
        Assert.Equal("v1", first.GetProperty("value").GetString());
    }

    [Fact]
    public async Task Json_WhatWasReadCanBeSentAgain()
    {
        await cluster.CreateTopicAsync("from");
        await cluster.CreateTopicAsync("to");
        await cluster.RunAsync(["produce", "from", "-f", "hex", "-k", ":", "-H", "h=1"], "00ff:c0\n01:\n");
        string read = (await cluster.RunAsync("consume", "from", "--from-beginning", "-e", "-f", "json")).Output;

        ToolRun sent = await cluster.RunAsync(["produce", "to", "-f", "json", "--output", "json"], read);

        Assert.Equal(2, sent.Json.GetProperty("records").GetInt32());
        string again = (await cluster.RunAsync("consume", "to", "--from-beginning", "-e", "-f", "json")).Output;
        Assert.Equal(read.Replace("\"from\"", "\"to\"", StringComparison.Ordinal), again);
        Assert.Contains("AP8=", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_IsReadAlsoCompressed()
    {
        await cluster.CreateTopicAsync("file");
        string path = Path.GetTempFileName() + ".gz";
        await using (System.IO.Compression.GZipStream file = new(
            File.Create(path), System.IO.Compression.CompressionMode.Compress))
        {
            await file.WriteAsync("one\ntwo\n"u8.ToArray());
        }

        ToolRun sent = await cluster.RunAsync("produce", "file", "--file", path, "-p", "0");

        File.Delete(path);
        Assert.Equal(0, sent.Code);
        Assert.Equal("one\ntwo\n", (await cluster.RunAsync("consume", "file", "--from-beginning", "-e")).Output);
    }

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task Group_ReadsOnWhereItStopped(string protocol)
    {
        string topic = $"grouped-{protocol}";
        await cluster.CreateTopicAsync(topic, partitions: 1, "a:1", "b:2", "c:3", "d:4");
        string[] read =
            ["consume", topic, "-g", $"tool-{protocol}", "--group-protocol", protocol, "--from-beginning"];

        Assert.Equal("1\n", (await cluster.RunAsync([.. read, "-n", "1"])).Output);
        Assert.Equal("2\n3\n", (await cluster.RunAsync([.. read, "-n", "2"])).Output);
        Assert.Equal("4\n", (await cluster.RunAsync([.. read, "-e"])).Output);
        Assert.Equal("", (await cluster.RunAsync([.. read, "-e"])).Output);
    }

    [Fact]
    public async Task ShareGroup_PrintsEachRecordOnce()
    {
        await cluster.CreateTopicAsync("queue", partitions: 1, "a:1", "b:2", "c:3");
        ToolRun begins = await cluster.RunAsync(
            "configs", "alter", "group", "workers", "--set", "share.auto.offset.reset=earliest");
        Assert.True(begins.Code == 0, begins.Error);
        string[] read = ["consume", "queue", "--share-group", "workers", "-f", "%k%s/%d\\n"];

        Assert.Equal("a1/1\n", (await cluster.RunAsync([.. read, "-n", "1"])).Output);
        Assert.Equal("b2/1\nc3/1\n", (await cluster.RunAsync([.. read, "-n", "2"])).Output);
        ToolRun wrong = await cluster.RunAsync([.. read, "-e"]);
        Assert.Contains("--until-end: a share group knows no end", wrong.Error, StringComparison.Ordinal);
        ToolRun both = await cluster.RunAsync([.. read, "-g", "other"]);
        Assert.Contains("two ways to read", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessagePack_IsSentAndShownAsJson()
    {
        await cluster.CreateTopicAsync("packed", partitions: 1);
        ToolRun sent = await cluster.RunAsync(
            ["produce", "packed", "-f", "msgpack", "-k", "|", "-q"], "k|{\"a\":[1,true,null]}\n");
        Assert.True(sent.Code == 0, sent.Error);

        string[] read = ["consume", "packed", "--from-beginning", "-e"];
        Assert.Equal("{\"a\":[1,true,null]}\n", (await cluster.RunAsync([.. read, "-f", "msgpack"])).Output);
        Assert.Equal("81a1619301c3c0\n", (await cluster.RunAsync([.. read, "-f", "hex"])).Output);
        await cluster.RunAsync(["produce", "packed", "-q"], "text\n");
        ToolRun text = await cluster.RunAsync([.. read, "-f", "msgpack"]);
        Assert.Equal(2, text.Code);
        Assert.Contains("packed-0 offset 1: ", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongInput_NamesTheLine()
    {
        await cluster.CreateTopicAsync("wrong");

        ToolRun hex = await cluster.RunAsync(["produce", "wrong", "-f", "hex"], "00\nxx\n");
        Assert.Equal(2, hex.Code);
        Assert.Contains("line 2: 'xx' is not hexadecimal", hex.Error, StringComparison.Ordinal);
        ToolRun json = await cluster.RunAsync(["produce", "wrong", "-f", "json"], "{\"value\": \"a\"}\n[]\n");
        Assert.Contains("line 2: a record is an object", json.Error, StringComparison.Ordinal);
        ToolRun format = await cluster.RunAsync("consume", "wrong", "-f", "%q");
        Assert.Contains("%q has no meaning", format.Error, StringComparison.Ordinal);
        ToolRun acks = await cluster.RunAsync("produce", "wrong", "--acks", "2");
        Assert.Contains("--acks is all, 1 or 0, not '2'", acks.Error, StringComparison.Ordinal);
        ToolRun partition = await cluster.RunAsync("consume", "wrong", "-p", "7");
        Assert.Contains("partitions 0 to 1, not 7", partition.Error, StringComparison.Ordinal);
    }
}
