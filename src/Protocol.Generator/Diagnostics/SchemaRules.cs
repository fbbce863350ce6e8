using Microsoft.CodeAnalysis;

namespace KRaftSharp.Protocol.Generator.Diagnostics;

/// <summary>One id for each mistake that a schema file can have.</summary>
internal static class SchemaRules
{
    public const string Syntax = "KRS001";
    public const string UnknownKind = "KRS002";
    public const string UnknownType = "KRS003";
    public const string DuplicateField = "KRS004";
    public const string DuplicateStruct = "KRS005";
    public const string BadVersions = "KRS006";
    public const string BadTag = "KRS007";
    public const string BadDefault = "KRS008";
    public const string NotNullable = "KRS009";
    public const string Unclosed = "KRS010";
    public const string SelfContained = "KRS011";
    public const string DuplicateMessage = "KRS012";
    public const string MissingKey = "KRS013";

    private static readonly Dictionary<string, DiagnosticDescriptor> Rules = new()
    {
        [Syntax] = Rule(Syntax, "Text that the schema language does not have", "'{0}' is not expected here"),
        [UnknownKind] = Rule(UnknownKind, "Unknown kind of message", "'{0}' is not a kind of message"),
        [UnknownType] = Rule(UnknownType, "Unknown type", "'{0}' is neither a type nor a struct of this message"),
        [DuplicateField] = Rule(DuplicateField, "Two fields of one name", "The field '{0}' is there twice"),
        [DuplicateStruct] = Rule(DuplicateStruct, "Two structs of one name", "The struct '{0}' is there twice"),
        [BadVersions] = Rule(BadVersions, "Impossible versions", "'{0}' has no version in what encloses it"),
        [BadTag] = Rule(BadTag, "Impossible tag", "The tag of '{0}' is taken, or its versions have no tags"),
        [BadDefault] = Rule(BadDefault, "Impossible default", "'{0}' is no default for this type"),
        [NotNullable] = Rule(NotNullable, "Null is not allowed", "'{0}' cannot be null"),
        [Unclosed] = Rule(Unclosed, "Missing brace", "'{0}' is not closed"),
        [SelfContained] = Rule(SelfContained, "Endless struct", "The struct '{0}' contains itself"),
        [DuplicateMessage] = Rule(DuplicateMessage, "Two messages of one name or number",
            "'{0}' has the name or the number of another message"),
        [MissingKey] = Rule(MissingKey, "Missing number", "'{0}' needs a number"),
    };

    public static DiagnosticDescriptor Get(string id) => Rules[id];

    private static DiagnosticDescriptor Rule(string id, string title, string format) =>
        new(id, title, format, "Schema", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
