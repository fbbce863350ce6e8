using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>What /v1 says of the node itself: connections, invariants, replicas; and how it leaves service.</summary>
public sealed class NodeTests(AdminFixture admin) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task Connections_name_their_listener_and_client_and_count_what_came()
    {
        JsonNode all = await admin.GetAsync("/v1/connections");
        JsonArray connections = all[0]!["connections"]!.AsArray();
        Assert.Contains(connections, connection => (string)connection!["listener"]! == "CONTROLLER");
        Assert.All(connections, connection => Assert.True((long)connection!["bytes_in"]! >= 0));
        Assert.Contains(connections, connection => (long)connection!["requests"]! > 0
            && (string?)connection["client_id"] == "node-1" && (int)connection["port"]! > 0);
        string metrics = await admin.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains(
            "kafka_server_socket_server_metrics_connection_count{listener=\"CONTROLLER\"}", metrics,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invariants_hold_and_are_checked_for_every_partition()
    {
        await admin.CreateTopicAsync("held", 3);
        JsonArray invariants = (await admin.GetAsync("/v1/invariants"))[0]!["invariants"]!.AsArray();
        Assert.All(invariants, invariant => Assert.Empty(invariant!["violations"]!.AsArray()));
        JsonNode order = invariants.First(invariant => (string)invariant!["name"]! == "isr-of-replicas")!;
        Assert.True((int)order["checked"]! >= 3);
    }

    [Fact]
    public async Task A_replica_tells_its_offsets_its_epochs_and_when_it_led()
    {
        await admin.CreateTopicAsync("told-of");
        await admin.PostAsync(
            $"{admin.Cluster}/topics/told-of/records", """{"value":{"type":"STRING","data":"v"}}""");
        JsonNode replica = (await admin.GetAsync("/v1/topics/told-of/partitions/0/replicas"))[0]!;
        Assert.Equal("Leader", (string)replica["role"]!);
        Assert.Equal(1, (long)replica["log_end_offset"]!);
        Assert.Equal(1, (long)replica["high_watermark"]!);
        Assert.Equal(0, (long)replica["epochs"]![0]!["start_offset"]!);
        Assert.Equal("leads", (string)replica["events"]![0]!["what"]!);
        await admin.SendAsync(HttpMethod.Get, "/v1/node/topics/told-of/partitions/7", null, 404);
    }

    [Fact]
    public async Task Where_there_is_no_authorizer_acls_say_so_and_wrong_names_are_told()
    {
        JsonNode refused = await admin.SendAsync(HttpMethod.Get, $"{admin.Cluster}/acls", null, 501);
        Assert.Equal(50101, (int)refused["error_code"]!);
        await admin.SendAsync(HttpMethod.Get, $"{admin.Cluster}/acls?operation=DANCE", null, 400);
        await admin.SendAsync(HttpMethod.Delete, $"{admin.Cluster}/acls?resource_type=TOPIC", null, 400);
    }

    [Fact]
    public async Task A_broker_leaves_service_by_request_and_comes_back()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("kraftsharp.admin.listeners", "http://127.0.0.1:0"));
        using HttpClient http = new() { BaseAddress = server.AdminAddress };
        // The only broker: with its topics it is missed, without them it is not.
        using HttpResponseMessage fenced = await http.PostAsync(
            new Uri("/v1/brokers/1:fence", UriKind.Relative), null);
        Assert.True(fenced.IsSuccessStatusCode, await fenced.Content.ReadAsStringAsync());
        Assert.Equal("fenced", await StateAsync(http));
        using HttpResponseMessage ready = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
        Assert.Equal(503, (int)ready.StatusCode);
        using HttpResponseMessage back = await http.PostAsync(
            new Uri("/v1/brokers/1:unfence", UriKind.Relative), null);
        Assert.True(back.IsSuccessStatusCode, await back.Content.ReadAsStringAsync());
        Assert.Equal("alive", await StateAsync(http));
    }

    private static async Task<string> StateAsync(HttpClient http)
    {
        JsonNode overview = JsonNode.Parse(await http.GetStringAsync(new Uri("/v1/overview", UriKind.Relative)))!;
        return (string)overview["brokers"]![0]!["state"]!;
    }
}
