using System.Net;
using System.Net.Http.Headers;
using KRaftSharp.Broker.Config;

namespace KRaftSharp.Tests.Integration.Admin;

/// <summary>Who is let in: tokens and roles, other sites' pages, addresses that everybody reaches.</summary>
public sealed class GuardTests
{
    [Fact]
    public async Task A_token_gives_its_role_and_no_more()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("kraftsharp.admin.listeners", "http://127.0.0.1:0"),
            ("kraftsharp.admin.tokens", "admin:secret,reader:looker"));
        using HttpClient http = new() { BaseAddress = server.AdminAddress };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "/healthz", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "/", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Get, "/v1/overview", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, HttpMethod.Get, "/v1/overview", "wrong"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Get, "/v1/overview", "looker"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, HttpMethod.Post, "/v1/elections", "looker"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, HttpMethod.Post, "/v1/elections", "secret"));
    }

    [Fact]
    public async Task Pages_of_other_sites_change_nothing_and_foreign_names_read_nothing()
    {
        await using TestServer server = await TestServer.StartAsync(
            ("kraftsharp.admin.listeners", "http://127.0.0.1:0"));
        using HttpClient http = new() { BaseAddress = server.AdminAddress };
        using HttpRequestMessage foreign = new(HttpMethod.Post, "/v1/elections") { Content = new StringContent("{}") };
        foreign.Headers.Add("Origin", "https://elsewhere.example");
        using HttpResponseMessage refused = await http.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using HttpRequestMessage own = new(HttpMethod.Post, "/v1/elections") { Content = new StringContent("{}") };
        own.Headers.Add("Origin", server.AdminAddress.GetLeftPart(UriPartial.Authority));
        using HttpResponseMessage allowed = await http.SendAsync(own);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);

        using HttpRequestMessage rebound = new(HttpMethod.Get, "/v1/overview");
        rebound.Headers.Host = "elsewhere.example";
        using HttpResponseMessage unread = await http.SendAsync(rebound);
        Assert.Equal(HttpStatusCode.Forbidden, unread.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "", "is not loopback")]
    [InlineData("ftp://127.0.0.1:1", "", "http://host:port")]
    [InlineData("https://127.0.0.1:0", "", "https needs")]
    [InlineData("http://127.0.0.1:0", "root:secret", "role admin or reader")]
    public async Task An_unsafe_or_wrong_address_stops_the_start(string listeners, string tokens, string reason)
    {
        NodeConfigException error = await Assert.ThrowsAsync<NodeConfigException>(() => TestServer.StartAsync(
            ("kraftsharp.admin.listeners", listeners), ("kraftsharp.admin.tokens", tokens)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(
        HttpClient http, HttpMethod method, string path, string? token)
    {
        using HttpRequestMessage request = new(method, path);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("{}");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode;
    }
}
