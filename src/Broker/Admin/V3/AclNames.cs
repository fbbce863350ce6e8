using KRaftSharp.Broker.Admin.Http;

namespace KRaftSharp.Broker.Admin.V3;

/// <summary>The names of what the protocol has numbers for in access control entries: its place in a list.</summary>
internal static class AclNames
{
    private const string Any = "ANY";

    /// <summary>The first is a number that this version does not know.</summary>
    private static readonly string[] ResourceTypes =
        ["UNKNOWN", Any, "TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER"];

    private static readonly string[] PatternTypes = ["UNKNOWN", Any, "MATCH", "LITERAL", "PREFIXED"];

    private static readonly string[] Operations =
    [
        "UNKNOWN", Any, "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION",
        "DESCRIBE_CONFIGS", "ALTER_CONFIGS", "IDEMPOTENT_WRITE", "CREATE_TOKENS", "DESCRIBE_TOKENS", "TWO_PHASE_COMMIT",
    ];

    private static readonly string[] Permissions = ["UNKNOWN", Any, "DENY", "ALLOW"];

    public static sbyte ResourceType(string? text) => Number(ResourceTypes, "resource_type", text);

    public static sbyte PatternType(string? text) => Number(PatternTypes, "pattern_type", text);

    public static sbyte Operation(string? text) => Number(Operations, "operation", text);

    public static sbyte Permission(string? text) => Number(Permissions, "permission", text);

    public static string ResourceTypeOf(sbyte number) => Name(ResourceTypes, number);

    public static string PatternTypeOf(sbyte number) => Name(PatternTypes, number);

    public static string OperationOf(sbyte number) => Name(Operations, number);

    public static string PermissionOf(sbyte number) => Name(Permissions, number);

    private static sbyte Number(string[] names, string what, string? text)
    {
        int at = Array.IndexOf(names, (text ?? Any).ToUpperInvariant(), 1);
        return at > 0
            ? (sbyte)at
            : throw AdminProblem.BadRequest($"{what} must be one of {string.Join(", ", names.Skip(1))}, not {text}");
    }

    private static string Name(string[] names, sbyte number) =>
        number > 0 && number < names.Length ? names[number] : names[0];
}
