using System.Text.Json;

namespace KRaftSharp.Tests.Integration.Tool;

[Collection(ToolGroup.Name)]
public sealed class SecurityTests(ToolCluster cluster)
{
    [Fact]
    public async Task Users_SetListDelete()
    {
        ToolRun set = await cluster.RunAsync(["users", "set", "alice", "-m", "SCRAM-SHA-256"], "secret\n");
        Assert.Equal("user alice has a password for SCRAM-SHA-256\n", set.Output);
        Assert.Contains(
            (await cluster.RunAsync("users", "list")).Rows, row => row is ["alice", "SCRAM-SHA-256", "4096"]);
        JsonElement json = (await cluster.RunAsync("users", "list", "alice", "--output", "json")).Json;
        Assert.Equal(4096, json[0].GetProperty("iterations").GetInt32());
        ToolRun few = await cluster.RunAsync(["users", "set", "alice", "--iterations", "1"], "secret\n");
        Assert.Contains("UNACCEPTABLE_CREDENTIAL", few.Error, StringComparison.Ordinal);
        ToolRun none = await cluster.RunAsync("users", "set", "alice");
        Assert.Contains("give a password", none.Error, StringComparison.Ordinal);

        Assert.Equal(
            "user alice has no password for SCRAM-SHA-256\n",
            (await cluster.RunAsync("users", "delete", "alice")).Output);
        ToolRun gone = await cluster.RunAsync("users", "list", "alice");
        Assert.Contains("has no SCRAM credential", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotas_SetListRemove()
    {
        ToolRun set = await cluster.RunAsync(
            "quotas", "set", "producer_byte_rate=1024", "--user", "bob", "--client-id", "default");
        Assert.Equal("client-id (default), user bob: producer_byte_rate is 1024\n", set.Output);
        Assert.Contains(
            (await cluster.RunAsync("quotas", "list", "--user", "bob")).Rows,
            row => row is ["bob", "default", "-", "producer_byte_rate", "1024"]);
        JsonElement json = (await cluster.RunAsync("quotas", "list", "--output", "json")).Json;
        Assert.Contains(json.EnumerateArray(), one => one.GetProperty("clientId").GetString() == "default");
        ToolRun wrong = await cluster.RunAsync("quotas", "set", "no_such_rate=1", "--user", "bob");
        Assert.Equal(1, wrong.Code);
        Assert.Equal(2, (await cluster.RunAsync("quotas", "set", "producer_byte_rate=1")).Code);

        Assert.Equal(0, (await cluster.RunAsync(
            "quotas", "remove", "producer_byte_rate", "--user", "bob", "--client-id", "default")).Code);
        Assert.Empty((await cluster.RunAsync("quotas", "list", "--user", "bob")).Output);
    }

    [Fact]
    public async Task Transactions_ListDescribeAndHanging()
    {
        await cluster.CreateTopicAsync("transacted");
        await using (OpenTransaction open = await OpenTransaction.BeginAsync(
            cluster.Bootstrap, "tool-tx", "transacted"))
        {
            Assert.Contains(
                (await cluster.RunAsync("transactions", "list", "--state", "Ongoing")).Rows,
                row => row is ["tool-tx", "Ongoing", ..]);
            JsonElement json = (await cluster.RunAsync(
                "transactions", "describe", "tool-tx", "--output", "json")).Json[0];
            Assert.Equal("Ongoing", json.GetProperty("state").GetString());
            Assert.Equal("transacted", json.GetProperty("partitions")[0].GetProperty("topic").GetString());
            ToolRun producers = await cluster.RunAsync("transactions", "producers", "transacted:0");
            Assert.Equal("0", producers.Rows[0][6]);
            // Its coordinator knows it, so it does not hang.
            Assert.Empty((await cluster.RunAsync(
                "transactions", "find-hanging", "transacted", "--older-than", "0s")).Output);
            Assert.Equal(0, (await cluster.RunAsync("transactions", "fence", "tool-tx")).Code);
        }

        ToolRun none = await cluster.RunAsync("transactions", "describe", "no-such-id");
        Assert.Contains("TRANSACTIONAL_ID_NOT_FOUND", none.Error, StringComparison.Ordinal);
        ToolRun state = await cluster.RunAsync("transactions", "list", "--state", "Sleeping");
        Assert.Contains("there is no transaction state 'Sleeping'", state.Error, StringComparison.Ordinal);
        ToolRun abort = await cluster.RunAsync("transactions", "abort", "transacted:1", "--start-offset", "0");
        Assert.Contains("transacted-1 has no such open transaction", abort.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acls_WithoutAuthorizer_AreRefusedWithTheReason()
    {
        ToolRun wrong = await cluster.RunAsync("acls", "add", "--topic", "a");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("say what, who and how", wrong.Error, StringComparison.Ordinal);
        ToolRun list = await cluster.RunAsync("acls", "list");
        Assert.Equal(1, list.Code);
        Assert.Contains("hint:", list.Error, StringComparison.Ordinal);
    }
}
