using System.Text;
using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>A single node with an admin endpoint, and a caller of it.</summary>
public sealed class AdminFixture : IAsyncLifetime
{
    private TestServer? _server;

    public HttpClient Http { get; } = new();

    public string ClusterId { get; private set; } = "";

    public string Cluster => $"/v3/clusters/{ClusterId}";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            ("kraftsharp.admin.listeners", "http://127.0.0.1:0"), ("kraftsharp.admin.max.body.bytes", "100000"),
            ("offsets.topic.replication.factor", "1"), ("offsets.topic.num.partitions", "2"),
            ("transaction.state.log.replication.factor", "1"), ("transaction.state.log.min.isr", "1"));
        Http.BaseAddress = _server.AdminAddress;
        JsonNode clusters = await GetAsync("/v3/clusters");
        ClusterId = (string)clusters["data"]![0]!["cluster_id"]!;
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _server!.DisposeAsync();
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response, 200);
    }

    /// <summary>Sends a body and expects a status.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body, int status)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response = await Http.SendAsync(request);
        return await ReadAsync(response, status);
    }

    public Task<JsonNode> PostAsync(string path, string body, int status = 200) =>
        SendAsync(HttpMethod.Post, path, body, status);

    public async Task CreateTopicAsync(string name, int partitions = 1) => await PostAsync(
        $"{Cluster}/topics", $$"""{"topic_name":"{{name}}","partitions_count":{{partitions}}}""", 201);

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, int status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}, not {status}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
