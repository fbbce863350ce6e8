using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>The routes of the Confluent REST API v3, as one of its clients would use them.</summary>
public sealed class V3Tests(AdminFixture admin) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_topic_is_created_changed_described_and_deleted()
    {
        JsonNode created = await admin.PostAsync(
            $"{admin.Cluster}/topics",
            """
            {"topic_name":"made","partitions_count":2,"replication_factor":1,
             "configs":[{"name":"retention.ms","value":"1000"}]}
            """,
            201);
        Assert.Equal("KafkaTopic", (string)created["kind"]!);
        Assert.Equal($"crn:///kafka={admin.ClusterId}/topic=made", (string)created["metadata"]!["resource_name"]!);
        Assert.Equal(2, (int)created["partitions_count"]!);

        JsonNode config = await admin.GetAsync($"{admin.Cluster}/topics/made/configs/retention.ms");
        Assert.Equal("1000", (string)config["value"]!);
        Assert.Equal("DYNAMIC_TOPIC_CONFIG", (string)config["source"]!);

        await admin.SendAsync(
            HttpMethod.Put, $"{admin.Cluster}/topics/made/configs/retention.ms", """{"value":"2000"}""", 204);
        await admin.PostAsync(
            $"{admin.Cluster}/topics/made/configs:alter",
            """{"data":[{"name":"retention.ms","operation":"DELETE"},{"name":"max.message.bytes","value":"5000"}]}""",
            204);
        config = await admin.GetAsync($"{admin.Cluster}/topics/made/configs/retention.ms");
        Assert.True((bool)config["is_default"]!);

        JsonNode grown = await admin.SendAsync(
            HttpMethod.Patch, $"{admin.Cluster}/topics/made", """{"partitions_count":5}""", 200);
        Assert.Equal(5, (int)grown["partitions_count"]!);
        JsonNode replica = await admin.GetAsync($"{admin.Cluster}/topics/made/partitions/4/replicas/1");
        Assert.True((bool)replica["is_leader"]!);
        Assert.True((bool)replica["is_in_sync"]!);

        await admin.SendAsync(HttpMethod.Delete, $"{admin.Cluster}/topics/made", null, 204);
        await admin.SendAsync(HttpMethod.Get, $"{admin.Cluster}/topics/made", null, 404);
    }

    [Fact]
    public async Task A_dry_run_tells_the_errors_and_changes_nothing()
    {
        const string Body = """{"topic_name":"never","partitions_count":3,"replication_factor":1}""";
        await admin.PostAsync($"{admin.Cluster}/topics?validate_only=true", Body);
        await admin.PostAsync($"{admin.Cluster}/topics?dry_run=true", Body);
        JsonNode error = await admin.PostAsync(
            $"{admin.Cluster}/topics?dry_run=true", """{"topic_name":"never","replication_factor":9}""", 400);
        Assert.Equal(40002, (int)error["error_code"]!);
        await admin.SendAsync(HttpMethod.Get, $"{admin.Cluster}/topics/never", null, 404);

        await admin.CreateTopicAsync("stays");
        await admin.SendAsync(HttpMethod.Delete, $"{admin.Cluster}/topics/stays?dry_run=true", null, 204);
        await admin.GetAsync($"{admin.Cluster}/topics/stays");
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        foreach (string name in new[] { "page-a", "page-b", "page-c" })
        {
            await admin.CreateTopicAsync(name);
        }

        List<string> seen = [];
        string? next = $"{admin.Cluster}/topics?page_size=2";
        while (next is not null)
        {
            JsonNode page = await admin.GetAsync(new Uri(admin.Http.BaseAddress!, next).PathAndQuery);
            Assert.InRange(page["data"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["data"]!.AsArray().Select(topic => (string)topic!["topic_name"]!));
            next = (string?)page["metadata"]!["next"];
        }

        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
        Assert.Superset(new HashSet<string> { "page-a", "page-b", "page-c" }, new HashSet<string>(seen));
    }

    [Fact]
    public async Task Records_are_produced_one_by_one_as_a_stream_and_as_a_batch()
    {
        await admin.CreateTopicAsync("written");
        JsonNode one = await admin.PostAsync(
            $"{admin.Cluster}/topics/written/records",
            """
            {"key":{"type":"STRING","data":"k"},"value":{"type":"JSON","data":{"x":1}},
             "headers":[{"name":"h","value":"AQI="}]}
            """);
        Assert.Equal(200, (int)one["error_code"]!);
        Assert.Equal(0, (long)one["offset"]!);

        using HttpResponseMessage streamed = await admin.Http.PostAsync(
            new Uri($"{admin.Cluster}/topics/written/records", UriKind.Relative),
            new StringContent("{\"value\":{\"type\":\"STRING\",\"data\":\"a\"}}\n"
                + "{\"value\":{\"type\":\"BINARY\",\"data\":\"not base64\"}}{\"partition_id\":0}"));
        int[] codes = [.. (await streamed.Content.ReadAsStringAsync())
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (int)JsonNode.Parse(line)!["error_code"]!)];
        Assert.Equal([200, 40002, 200], codes);

        JsonNode batch = await admin.PostAsync(
            $"{admin.Cluster}/topics/written/records:batch",
            """
            {"entries":[{"id":"1","value":{"type":"STRING","data":"b"}},
                        {"id":"2","partition_id":7,"value":{"type":"STRING","data":"c"}}]}
            """,
            207);
        Assert.Equal("1", (string)batch["successes"]![0]!["id"]!);
        Assert.Equal("2", (string)batch["failures"]![0]!["id"]!);

        JsonNode read = await admin.GetAsync("/v1/topics/written/partitions/0/records?offset=0");
        JsonArray records = read["records"]!.AsArray();
        Assert.Equal(4, records.Count);
        Assert.Equal(1, (int)records[0]!["value"]!["json"]!["x"]!);
        Assert.Equal("h", (string)records[0]!["headers"]![0]!["name"]!);
        Assert.Equal("a", (string)records[1]!["value"]!["text"]!);
        Assert.Null(records[2]!["value"]);
        Assert.Equal("b", (string)records[3]!["value"]!["text"]!);
    }

    [Fact]
    public async Task Offsets_of_a_group_are_moved_and_its_lag_is_told()
    {
        await admin.CreateTopicAsync("read");
        for (int i = 0; i < 5; i++)
        {
            await admin.PostAsync(
                $"{admin.Cluster}/topics/read/records", """{"value":{"type":"STRING","data":"v"}}""");
        }

        const string Reset = """{"to":"offset","value":2,"topics":["read"]}""";
        JsonNode foreseen = await admin.PostAsync("/v1/groups/g/offsets:reset?dry_run=true", Reset);
        Assert.Equal(2, (long)foreseen[0]!["after"]!);
        await admin.SendAsync(HttpMethod.Get, "/v1/groups/g", null, 404);

        await admin.PostAsync("/v1/groups/g/offsets:reset", Reset);
        JsonNode group = await admin.GetAsync("/v1/groups/g");
        Assert.Equal(3, (long)group["total_lag"]!);
        JsonNode listed = await admin.GetAsync($"{admin.Cluster}/consumer-groups/g");
        Assert.Equal("EMPTY", (string)listed["state"]!);
        await admin.SendAsync(HttpMethod.Delete, $"{admin.Cluster}/consumer-groups/g", null, 204);
        await admin.SendAsync(HttpMethod.Get, $"{admin.Cluster}/consumer-groups/g", null, 404);
    }
}
