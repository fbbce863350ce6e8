using System.Text.Json.Nodes;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>Drives every route that the OpenAPI document describes, rightly and wrongly.</summary>
public sealed class OpenApiTests(AdminFixture admin) : IClassFixture<AdminFixture>
{
    private static readonly string[] Tricks =
        ["..%2f..%2fetc%2fpasswd", "%00", "a%20b", "%ff%fe", "..", "%25", "-", "2147483648", "-1"];

    [Fact]
    public async Task Every_described_read_answers_as_described()
    {
        await admin.CreateTopicAsync("described", 2);
        await admin.PostAsync(
            "/v1/groups/described/offsets:reset", """{"to":"earliest","topics":["described"]}""");
        foreach ((string path, string method, JsonNode operation) in await OperationsAsync())
        {
            if (method != "get" || path == "/v1/events")
            {
                continue;
            }

            string url = Fill(path, "described");
            using HttpResponseMessage response = await admin.Http.GetAsync(new Uri(url, UriKind.Relative));
            string text = await response.Content.ReadAsStringAsync();
            int status = (int)response.StatusCode;
            if (operation["responses"]![$"{status}"] is null)
            {
                AssertError(url, status, text);
            }
            else if (operation["responses"]!["200"]?["content"]?["application/json"] is not null)
            {
                JsonNode.Parse(text);
            }

            Assert.True(status < 500 || status == 501, $"{url}: {status} {text}");
        }
    }

    [Fact]
    public async Task Every_described_route_refuses_what_does_not_exist_and_tricks()
    {
        foreach ((string path, string method, _) in await OperationsAsync())
        {
            if (!path.Contains('{', StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string trick in Tricks)
            {
                string url = Fill(path, trick);
                using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url);
                using HttpResponseMessage response = await admin.Http.SendAsync(request);
                string text = await response.Content.ReadAsStringAsync();
                int status = (int)response.StatusCode;
                Assert.True(status < 500 || status is 501 or 503, $"{method} {url}: {status} {text}");
                if (status >= 400 && text.Length > 0)
                {
                    AssertError(url, status, text);
                }
            }
        }
    }

    [Fact]
    public async Task Every_described_body_is_checked_and_bounded()
    {
        await admin.CreateTopicAsync("bodies");
        foreach ((string path, string method, JsonNode operation) in await OperationsAsync())
        {
            if (operation["requestBody"] is null)
            {
                continue;
            }

            string url = Fill(path, "bodies");
            foreach (string body in new[] { "", "{", "[]", "\"x\"", "null", new string('[', 5000) })
            {
                JsonNode error = await admin.SendAsync(new HttpMethod(method.ToUpperInvariant()), url, body, 400);
                Assert.NotNull(error["message"]);
            }

            string huge = $$"""{"x":"{{new string('x', 200_000)}}"}""";
            await admin.SendAsync(new HttpMethod(method.ToUpperInvariant()), url, huge, 413);
        }
    }

    [Fact]
    public async Task Every_path_is_unique_and_every_parameter_is_described()
    {
        HashSet<string> ids = [];
        foreach ((string path, _, JsonNode operation) in await OperationsAsync())
        {
            Assert.True(ids.Add((string)operation["operationId"]!), $"{path}: {operation["operationId"]} twice");
            Assert.EndsWith(".", (string)operation["summary"]!, StringComparison.Ordinal);
            IEnumerable<string> described = operation["parameters"]!.AsArray()
                .Where(parameter => (string)parameter!["in"]! == "path")
                .Select(parameter => $"{{{parameter!["name"]}}}");
            Assert.All(described, parameter => Assert.Contains(parameter, path, StringComparison.Ordinal));
            Assert.Equal(path.Count(letter => letter == '{'), described.Count());
        }
    }

    private async Task<List<(string Path, string Method, JsonNode Operation)>> OperationsAsync()
    {
        JsonNode document = await admin.GetAsync("/openapi/v1.json");
        Assert.Equal("3.1.0", (string)document["openapi"]!);
        return [.. from path in document["paths"]!.AsObject()
                   from method in path.Value!.AsObject()
                   select (path.Key, method.Key, method.Value!)];
    }

    private string Fill(string path, string name) => path
        .Replace("{cluster_id}", admin.ClusterId, StringComparison.Ordinal)
        .Replace("{broker_id}", name == "described" || name == "bodies" ? "1" : name, StringComparison.Ordinal)
        .Replace("{partition_id}", name == "described" || name == "bodies" ? "0" : name, StringComparison.Ordinal)
        .Replace("{name}", name == "described" ? "retention.ms" : name, StringComparison.Ordinal)
        .Replace("{topic_name}", name, StringComparison.Ordinal)
        .Replace("{consumer_group_id}", name, StringComparison.Ordinal)
        .Replace("{group_id}", name, StringComparison.Ordinal)
        .Replace("{consumer_id}", name, StringComparison.Ordinal)
        .Replace("{transactional_id}", name, StringComparison.Ordinal)
        .Replace("{voter_id}", name == "described" ? "1" : name, StringComparison.Ordinal);

    private static void AssertError(string url, int status, string text)
    {
        JsonNode error = JsonNode.Parse(text)!;
        Assert.True(error["error_code"] is not null && error["message"] is not null, $"{url}: {status} {text}");
    }
}
