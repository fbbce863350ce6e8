using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>One HTTP call: its parameters, read and checked.</summary>
internal sealed class AdminCall(HttpContext http, AdminRole role, int maxBodyBytes)
{
    private const int DefaultPageSize = 1000;
    private const int MaxPageSize = 10_000;

    public HttpContext Http => http;

    public CancellationToken Aborted => http.RequestAborted;

    public AdminRole Role => role;

    public int MaxBodyBytes => maxBodyBytes;

    /// <summary>True when the caller wants to know only what would be done.</summary>
    public bool IsDryRun => Flag("dry_run") || Flag("validate_only");

    /// <summary>A parameter of the path, decoded.</summary>
    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    public int RouteInt(string name) =>
        int.TryParse(Route(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new AdminProblem(404, 404, $"{name} must be a number, not {Route(name)}");

    /// <summary>A parameter of the query; null where it is missing or empty.</summary>
    public string? Query(string name) =>
        http.Request.Query.TryGetValue(name, out var values) && values[^1] is { Length: > 0 } value ? value : null;

    public bool Flag(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw AdminProblem.BadRequest($"{name} must be true or false, not {other}"),
    };

    public long QueryLong(string name, long fallback, long least = 0, long most = long.MaxValue)
    {
        if (Query(name) is not { } text)
        {
            return fallback;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= least && value <= most
            ? value
            : throw AdminProblem.BadRequest($"{name} must be a number from {least} to {most}, not {text}");
    }

    /// <summary>The body as JSON.</summary>
    /// <exception cref="AdminProblem">It is none, is of another shape, or is too large.</exception>
    public async ValueTask<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        byte[] body = await ReadBytesAsync();
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw AdminProblem.BadRequest("The body must not be null");
        }
        catch (JsonException error)
        {
            throw AdminProblem.BadRequest($"The body is not what is expected: {Describe(error)}");
        }
    }

    /// <summary>The body, bounded.</summary>
    public async ValueTask<byte[]> ReadBytesAsync()
    {
        if (http.Request.ContentLength > maxBodyBytes)
        {
            throw TooLarge();
        }

        using MemoryStream bytes = new();
        byte[] chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, Aborted)) > 0)
        {
            if (bytes.Length + read > maxBodyBytes)
            {
                throw TooLarge();
            }

            bytes.Write(chunk, 0, read);
        }

        return bytes.ToArray();
    }

    public AdminProblem TooLarge() => new(413, 41301, $"The body is larger than {maxBodyBytes} bytes");

    /// <summary>An absolute link to a path of this endpoint, as the caller reached it.</summary>
    public string Link(string path) => $"{http.Request.Scheme}://{http.Request.Host}{path}";

    /// <summary>
    /// The page that the query asks for, of items in the ordinal order of their keys, and the link to the next one.
    /// </summary>
    public (IReadOnlyList<T> Page, string? Next) Page<T>(IEnumerable<T> items, Func<T, string> key)
    {
        int size = (int)QueryLong("page_size", DefaultPageSize, 1, MaxPageSize);
        string? after = Query("page_token") is { } token ? DecodeToken(token) : null;
        List<T> page = [.. items
            .OrderBy(key, StringComparer.Ordinal)
            .SkipWhile(item => after is not null && string.CompareOrdinal(key(item), after) <= 0)
            .Take(size + 1)];
        if (page.Count <= size)
        {
            return (page, null);
        }

        page.RemoveAt(size);
        string next = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(key(page[^1])));
        return (page, Link($"{http.Request.Path}?page_size={size}&page_token={next}"));
    }

    /// <summary>What is wrong with JSON, without the words of a .NET type.</summary>
    public static string Describe(JsonException error)
    {
        string where = error.Path is { Length: > 0 } path ? $" at {path}" : "";
        return $"malformed or unexpected JSON{where}, line {error.LineNumber + 1}, byte {error.BytePositionInLine}";
    }

    private static string DecodeToken(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token));
        }
        catch (FormatException)
        {
            throw AdminProblem.BadRequest("page_token is not one that was given");
        }
    }
}
