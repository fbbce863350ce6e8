using System.Text.Json.Serialization.Metadata;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>Carries out one call of a route.</summary>
/// <exception cref="AdminProblem">It is refused.</exception>
internal delegate ValueTask<AdminReply> AdminHandler(AdminCall call);

/// <summary>One route: what is served, who may call it, and what the OpenAPI document says of it.</summary>
/// <param name="Path">With its parameters in braces, as ASP.NET Core and OpenAPI both write them.</param>
/// <param name="Role">The least role that may call it.</param>
/// <param name="Summary">One line for readers.</param>
internal sealed record AdminRoute(
    string Method, string Path, AdminRole Role, string Summary, AdminHandler Handle)
{
    /// <summary>Of the query: name, JSON type (string, integer, boolean) and meaning.</summary>
    public IReadOnlyList<AdminQuery> Query { get; init; } = [];

    /// <summary>The type of the body that is expected; null for none.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>The status of success.</summary>
    public int Success { get; init; } = 200;

    /// <summary>The type of the body of success; null for none.</summary>
    public JsonTypeInfo? Answer { get; init; }

    /// <summary>What the answer is written in.</summary>
    public string Media { get; init; } = "application/json";

    /// <summary>Groups routes in the document.</summary>
    public string Tag => Path.StartsWith("/v3", StringComparison.Ordinal) ? "v3"
        : Path.StartsWith("/v1", StringComparison.Ordinal) ? "v1" : "node";

    /// <summary>True for a call that changes something.</summary>
    public bool IsChange => Method is not "GET";
}

/// <summary>One parameter of a query.</summary>
internal sealed record AdminQuery(string Name, string Type, string Meaning)
{
    /// <summary>For every change: it is checked, not carried out.</summary>
    public static AdminQuery DryRun { get; } =
        new("dry_run", "boolean", "Check and tell what would be done; change nothing.");

    public static AdminQuery PageSize { get; } = new("page_size", "integer", "The most entries that are answered.");

    public static AdminQuery PageToken { get; } =
        new("page_token", "string", "Where the page before ended, from its metadata.next.");
}
