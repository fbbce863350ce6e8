using System.Text;
using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>Every change that the OpenAPI document describes is tried with a body that is right, and changes nothing.
/// </summary>
public sealed class ChangeTests(AdminFixture admin) : IClassFixture<AdminFixture>
{
    private const string Acl = """
        {"resource_type":"TOPIC","resource_name":"t","pattern_type":"LITERAL","principal":"User:a","host":"*",
         "operation":"READ","permission":"ALLOW"}
        """;

    private const string AclQuery = "resource_type=TOPIC&pattern_type=LITERAL&operation=READ&permission=ALLOW";

    /// <summary>By method and path: the body, the status of a dry run on one node without an authorizer, the query.
    /// </summary>
    private static readonly Dictionary<string, (string? Body, int[] Status, string Query)> Changes = new()
    {
        ["post /v3/clusters/{cluster_id}/topics"] = ("""{"topic_name":"new"}""", [200], ""),
        ["patch /v3/clusters/{cluster_id}/topics/{topic_name}"] = ("""{"partitions_count":9}""", [200], ""),
        ["delete /v3/clusters/{cluster_id}/topics/{topic_name}"] = (null, [204], ""),
        ["post /v3/clusters/{cluster_id}/topics/{topic_name}/configs:alter"] =
            ("""{"data":[{"name":"retention.ms","value":"1"}]}""", [204], ""),
        ["put /v3/clusters/{cluster_id}/topics/{topic_name}/configs/{name}"] = ("""{"value":"1"}""", [204], ""),
        ["delete /v3/clusters/{cluster_id}/topics/{topic_name}/configs/{name}"] = (null, [204], ""),
        ["post /v3/clusters/{cluster_id}/brokers/{broker_id}/configs:alter"] =
            ("""{"data":[{"name":"log.cleaner.threads","value":"2"}]}""", [204], ""),
        ["put /v3/clusters/{cluster_id}/brokers/{broker_id}/configs/{name}"] = ("""{"value":"1"}""", [204, 400], ""),
        ["delete /v3/clusters/{cluster_id}/brokers/{broker_id}/configs/{name}"] = (null, [204], ""),
        ["post /v3/clusters/{cluster_id}/broker-configs:alter"] =
            ("""{"data":[{"name":"log.cleaner.threads","value":"2"}]}""", [204], ""),
        ["put /v3/clusters/{cluster_id}/broker-configs/{name}"] = ("""{"value":"1"}""", [204, 400], ""),
        ["delete /v3/clusters/{cluster_id}/broker-configs/{name}"] = (null, [204], ""),
        ["delete /v3/clusters/{cluster_id}/consumer-groups/{consumer_group_id}"] = (null, [204], ""),
        ["post /v3/clusters/{cluster_id}/topics/{topic_name}/records"] =
            ("""{"value":{"type":"STRING","data":"v"}}""", [200], ""),
        ["post /v3/clusters/{cluster_id}/topics/{topic_name}/records:batch"] =
            ("""{"entries":[{"id":"1","value":{"type":"STRING","data":"v"}}]}""", [207], ""),
        ["post /v3/clusters/{cluster_id}/acls"] = (Acl, [201, 501], ""),
        ["post /v3/clusters/{cluster_id}/acls:batch"] = ($$"""{"data":[{{Acl}}]}""", [201, 501], ""),
        ["delete /v3/clusters/{cluster_id}/acls"] = (null, [200, 501], AclQuery),
        ["post /v1/elections"] = ("{}", [200], ""),
        ["post /v1/reassignments"] =
            ("""{"moves":[{"topic":"changed","partition":0,"replicas":[1]}]}""", [200], ""),
        ["put /v1/reassignments/throttle"] = ("""{"bytes_per_second":1000000}""", [200], ""),
        ["delete /v1/reassignments/throttle"] = (null, [200], ""),
        ["delete /v1/brokers/{broker_id}"] = (null, [400], ""),
        ["post /v1/brokers/{broker_id}:fence"] = (null, [200], ""),
        ["post /v1/brokers/{broker_id}:unfence"] = (null, [409], ""),
        ["post /v1/brokers/{broker_id}:drain"] = (null, [200], ""),
        ["put /v1/brokers/{broker_id}/loggers/{name}"] = ("""{"level":"DEBUG"}""", [204, 400], ""),
        ["post /v1/groups/{group_id}/offsets:reset"] = ("""{"to":"latest"}""", [200], ""),
        ["post /v1/transactions/{transactional_id}:abort"] = (null, [404], ""),
        ["post /v1/quorum/voters"] =
            ("""{"voter_id":2,"directory_id":"AAAAAAAAAAAAAAAAAAAAAg","endpoints":[]}""", [204, 400], ""),
        ["delete /v1/quorum/voters/{voter_id}"] = (null, [204, 400, 404], ""),
    };

    [Fact]
    public async Task Every_described_change_can_be_tried_and_then_nothing_has_changed()
    {
        await admin.CreateTopicAsync("changed");
        await admin.PostAsync("/v1/groups/changed/offsets:reset", """{"to":"earliest","topics":["changed"]}""");
        string before = await StateAsync();
        JsonNode document = await admin.GetAsync("/openapi/v1.json");
        foreach ((string path, JsonNode? operations) in document["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in operations!.AsObject())
            {
                if (method != "get")
                {
                    await TryAsync($"{method} {path}", operation!);
                }
            }
        }

        Assert.Equal(before, await StateAsync());
    }

    private async Task TryAsync(string change, JsonNode operation)
    {
        Assert.True(Changes.TryGetValue(change, out var known), $"{change} is not known to this test");
        Assert.Contains(
            operation["parameters"]!.AsArray(), parameter => (string)parameter!["name"]! == "dry_run");
        string[] parts = change.Split(' ');
        string url = parts[1]
            .Replace("{cluster_id}", admin.ClusterId, StringComparison.Ordinal)
            .Replace("{broker_id}", "1", StringComparison.Ordinal)
            .Replace("{voter_id}", "1", StringComparison.Ordinal)
            .Replace("{name}", "retention.ms", StringComparison.Ordinal);
        foreach (string name in new[] { "topic_name", "consumer_group_id", "group_id", "transactional_id" })
        {
            url = url.Replace($"{{{name}}}", "changed", StringComparison.Ordinal);
        }

        using HttpRequestMessage request = new(
            new HttpMethod(parts[0].ToUpperInvariant()), $"{url}?dry_run=true&{known.Query}");
        if (known.Body is not null)
        {
            request.Content = new StringContent(known.Body, Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response = await admin.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(
            known.Status.Contains((int)response.StatusCode), $"{change}: {(int)response.StatusCode} {text}");
    }

    /// <summary>Topics with their configs, group offsets and the metadata log's end: what a change would change.
    /// </summary>
    private async Task<string> StateAsync()
    {
        string[] paths =
        [
            $"{admin.Cluster}/topics/changed", "/v1/topics/changed/partitions", "/v1/groups/changed",
            "/v1/reassignments/throttle",
            $"{admin.Cluster}/topics/changed/configs/retention.ms", "/v1/quorum",
        ];
        List<string> states = [];
        foreach (string path in paths)
        {
            JsonNode state = await admin.GetAsync(path);
            if (path == "/v1/quorum")
            {
                // Offsets and times move by themselves.
                state = JsonValue.Create(state["voters"]!.AsArray().Count);
            }

            states.Add(state.ToJsonString());
        }

        return string.Join('\n', states);
    }
}
