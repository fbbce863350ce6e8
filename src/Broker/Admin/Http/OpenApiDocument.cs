using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using KRaftSharp.Broker.Admin.Json;

namespace KRaftSharp.Broker.Admin.Http;

/// <summary>
/// The OpenAPI 3.1 document of the routes, made from the very table that is served: what it says is what there is.
/// </summary>
internal static class OpenApiDocument
{
    public static byte[] Of(IEnumerable<AdminRoute> routes)
    {
        JsonObject paths = [];
        foreach (AdminRoute route in routes)
        {
            if (paths[route.Path] is not JsonObject path)
            {
                path = [];
                paths[route.Path] = path;
            }

            path[route.Method.ToLowerInvariant()] = Operation(route);
        }

        JsonObject document = new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "KRaftSharp admin",
                ["version"] = "1",
                ["description"] = "What every node serves over HTTP. /v3 has the shapes of the Confluent REST API.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = new JsonObject { ["Error"] = SchemaOf(AdminJson.Default.ErrorBody) },
            },
        };
        return Encoding.UTF8.GetBytes(document.ToJsonString());
    }

    private static JsonObject Operation(AdminRoute route)
    {
        JsonArray parameters = [];
        foreach (string name in ParametersOf(route.Path))
        {
            parameters.Add((JsonNode)Parameter(name, "path", "string", null));
        }

        foreach (AdminQuery query in route.Query)
        {
            parameters.Add((JsonNode)Parameter(query.Name, "query", query.Type, query.Meaning));
        }

        JsonObject operation = new()
        {
            ["operationId"] = OperationId(route),
            ["summary"] = route.Summary,
            ["tags"] = new JsonArray(route.Tag),
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                [$"{route.Success}"] = Response("Success.", route.Media, Answer(route)),
                ["default"] = Response("A refusal: the status says what kind, the body why.", "application/json",
                    new JsonObject { ["$ref"] = "#/components/schemas/Error" }),
            },
        };
        if (route.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject
                {
                    ["application/json"] = new JsonObject { ["schema"] = SchemaOf(body) },
                },
            };
        }

        operation["security"] = route.Role == AdminRole.None
            ? new JsonArray()
            : new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() });
        operation["x-role"] = route.Role.ToString().ToLowerInvariant();
        return operation;
    }

    private static JsonObject? Answer(AdminRoute route) => route.Answer is { } answer ? SchemaOf(answer)
        : route.Success == 204 ? null : new JsonObject { ["type"] = "string" };

    private static JsonObject Response(string description, string media, JsonObject? schema)
    {
        JsonObject response = new() { ["description"] = description };
        if (schema is not null)
        {
            // A media type in the document has no parameters.
            response["content"] = new JsonObject
            {
                [media.Split(';')[0]] = new JsonObject { ["schema"] = schema },
            };
        }

        return response;
    }

    private static JsonObject Parameter(string name, string place, string type, string? meaning)
    {
        JsonObject parameter = new()
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = place == "path",
            ["schema"] = new JsonObject { ["type"] = type },
        };
        if (meaning is not null)
        {
            parameter["description"] = meaning;
        }

        return parameter;
    }

    private static JsonObject SchemaOf(JsonTypeInfo type) => type.GetJsonSchemaAsNode() switch
    {
        JsonObject schema => schema,
        _ => new JsonObject(),
    };

    private static IEnumerable<string> ParametersOf(string path) =>
        path.Split('{').Skip(1).Select(part => part[..part.IndexOf('}', StringComparison.Ordinal)]);

    /// <summary>The method and the words of the path, such as get_v3_clusters_cluster_id_topics.</summary>
    private static string OperationId(AdminRoute route) => string.Join('_', route.Path
        .Split(['/', '{', '}', ':', '.'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.Replace('-', '_'))
        .Where(word => word != "_")
        .Prepend(route.Method.ToLowerInvariant())
        .Append(route.Path.Contains("/-/", StringComparison.Ordinal) ? "all" : "")
        .Where(word => word.Length > 0));
}
