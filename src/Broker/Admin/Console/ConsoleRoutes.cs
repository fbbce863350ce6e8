using System.Security.Cryptography;
using KRaftSharp.Broker.Admin.Http;
using Microsoft.AspNetCore.Http;

namespace KRaftSharp.Broker.Admin.Console;

/// <summary>The console: one page and what it needs, all of it in the binary.</summary>
internal sealed class ConsoleRoutes
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly (string Path, string File, string Type)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/console/console.css", "console.css", "text/css; charset=utf-8"),
        ("/console/app.js", "app.js", "text/javascript; charset=utf-8"),
        ("/console/dom.js", "dom.js", "text/javascript; charset=utf-8"),
        ("/console/api.js", "api.js", "text/javascript; charset=utf-8"),
        ("/console/charts.js", "charts.js", "text/javascript; charset=utf-8"),
        ("/console/cluster.js", "cluster.js", "text/javascript; charset=utf-8"),
        ("/console/topics.js", "topics.js", "text/javascript; charset=utf-8"),
        ("/console/partition.js", "partition.js", "text/javascript; charset=utf-8"),
        ("/console/groups.js", "groups.js", "text/javascript; charset=utf-8"),
        ("/console/records.js", "records.js", "text/javascript; charset=utf-8"),
        ("/console/metadata.js", "metadata.js", "text/javascript; charset=utf-8"),
        ("/console/actions.js", "actions.js", "text/javascript; charset=utf-8"),
        ("/console/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    /// <summary>The page itself may be had by everybody: what it shows needs a role.</summary>
    public static IEnumerable<AdminRoute> Routes => Files.Select(file =>
    {
        byte[] content = Read(file.File);
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        return new AdminRoute("GET", file.Path, AdminRole.None, $"The console: {file.File}.", call =>
            WriteAsync(call.Http, content, tag, file.Type))
        { Media = file.Type };
    });

    private static async ValueTask<AdminReply> WriteAsync(HttpContext http, byte[] content, string tag, string type)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = 304;
            return AdminReply.Written;
        }

        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
        return AdminReply.Written;
    }

    private static byte[] Read(string file)
    {
        using Stream stream = typeof(ConsoleRoutes).Assembly.GetManifestResourceStream($"console/{file}")
            ?? throw new InvalidOperationException($"{file} is missing in the binary");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
