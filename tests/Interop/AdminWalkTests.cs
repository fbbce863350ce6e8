using System.Text.Json.Nodes;
using KRaftSharp.Tests.Interop.Cluster;

namespace KRaftSharp.Tests.Interop;

/// <summary>Every read of the OpenAPI document, asked of every node; also while one of them is down.</summary>
[Collection(ThreeNodesGroup.Name)]
public sealed class AdminWalkTests(ThreeNodes cluster)
{
    private const string Topic = "admin-walk";

    [Fact]
    public async Task Every_read_is_answered_by_every_node_also_while_one_is_down()
    {
        await cluster.CreateTopicAsync(Topic);
        using HttpClient http = new();
        await PostAsync(http, 1, $"/v1/groups/{Topic}/offsets:reset", $$"""{"to":"earliest","topics":["{{Topic}}"]}""");
        foreach (int node in new[] { 1, 2, 3 })
        {
            await WalkAsync(http, node);
        }

        await cluster.KillAsync(3);
        try
        {
            await WalkAsync(http, 1);
            await WalkAsync(http, 2);
        }
        finally
        {
            await cluster.StartAsync(3);
        }
    }

    [Fact]
    public async Task Any_node_fences_another_and_lets_it_back_and_its_leaders_move()
    {
        await cluster.CreateTopicAsync("admin-fence");
        using HttpClient http = new();
        // What an earlier test has killed must be back in every ISR.
        await UntilAsync(async () =>
            (string)(await PostAsync(http, 1, "/v1/brokers/2:fence?dry_run=true", null))["status"]! == "Green");
        await PostAsync(http, 1, "/v1/brokers/2:fence", null);
        try
        {
            await UntilAsync(async () => (await GetAsync(http, 1, "/v1/topics/admin-fence/partitions")).AsArray()
                .All(partition => partition!["leader"] is { } leader && (int)leader != 2));
            Assert.Equal(409, await StatusAsync(http, 1, "/v1/brokers/3:fence"));
            await UntilAsync(async () => (await GetAsync(http, 1, "/v1/overview"))["nodes"]!.AsArray()
                .Any(node => (int)node!["node"]! == 2 && (bool)node["is_held"]!));
        }
        finally
        {
            await PostAsync(http, 3, "/v1/brokers/2:unfence", null);
        }

        // It is back in every ISR soon: nothing was copied anew.
        await UntilAsync(async () => (await GetAsync(http, 1, "/v1/topics/admin-fence/partitions")).AsArray()
            .All(partition => partition!["isr"]!.AsArray().Count == ThreeNodes.Count));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (int attempt = 0; !await isSo(); attempt++)
        {
            Assert.True(attempt < 200, "it did not come in time");
            await Task.Delay(100);
        }
    }

    private async Task WalkAsync(HttpClient http, int node)
    {
        JsonNode document = await GetAsync(http, node, "/openapi/v1.json");
        string clusterId = (string)(await GetAsync(http, node, "/v3/clusters"))["data"]![0]!["cluster_id"]!;
        int read = 0;
        foreach ((string path, JsonNode? operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is null || path == "/v1/events")
            {
                continue;
            }

            string url = Fill(path, clusterId);
            if (path == "/readyz")
            {
                // It tells the truth while coordinators load, which they do after a start and after a death.
                await UntilAsync(async () => (await http.GetAsync(AddressOf(node, url))).IsSuccessStatusCode);
            }

            using HttpResponseMessage response = await http.GetAsync(AddressOf(node, url));
            string text = await response.Content.ReadAsStringAsync();
            int status = (int)response.StatusCode;
            // What does not exist on an idle cluster, and what these brokers have no authorizer for.
            bool isFine = status is 200 or 404 || (status == 501 && path.EndsWith("/acls", StringComparison.Ordinal));
            Assert.True(isFine, $"node {node}: {url}: {status} {text}");
            Assert.True(status == 200 || text.Contains("error_code", StringComparison.Ordinal), $"{url}: {text}");
            read++;
        }

        Assert.True(read > 50, $"{read} routes");
    }

    private static string Fill(string path, string clusterId) => path
        .Replace("{cluster_id}", clusterId, StringComparison.Ordinal)
        .Replace("{broker_id}", "1", StringComparison.Ordinal)
        .Replace("{partition_id}", "0", StringComparison.Ordinal)
        .Replace("{name}", "retention.ms", StringComparison.Ordinal)
        .Replace("{topic_name}", Topic, StringComparison.Ordinal)
        .Replace("{consumer_group_id}", Topic, StringComparison.Ordinal)
        .Replace("{group_id}", Topic, StringComparison.Ordinal)
        .Replace("{consumer_id}", "nobody", StringComparison.Ordinal)
        .Replace("{transactional_id}", "none", StringComparison.Ordinal);

    private Uri AddressOf(int node, string path) => new($"http://{cluster.AdminAddressOf(node)}{path}");

    private async Task<JsonNode> GetAsync(HttpClient http, int node, string path) =>
        JsonNode.Parse(await http.GetStringAsync(AddressOf(node, path)))!;

    private async Task<JsonNode> PostAsync(HttpClient http, int node, string path, string? body)
    {
        using HttpResponseMessage response = await http.PostAsync(
            AddressOf(node, path), body is null ? null : new StringContent(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<int> StatusAsync(HttpClient http, int node, string path)
    {
        using HttpResponseMessage response = await http.PostAsync(AddressOf(node, path), null);
        return (int)response.StatusCode;
    }
}
