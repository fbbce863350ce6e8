namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>One field of a struct.</summary>
/// <param name="Scalar">The (element) type, or null where it is a struct.</param>
/// <param name="StructClass">The class of the struct, or null.</param>
/// <param name="Versions">Where the field is; within the struct's versions.</param>
/// <param name="NullableFrom">First version in which null is allowed; null where it never is.</param>
/// <param name="Tag">The tag, or null for a field in its place.</param>
/// <param name="Default">The default as a C# literal, or null for zero, empty, a new struct.</param>
/// <param name="DefaultIsNull">Whether the default is null.</param>
/// <param name="Ignorable">Whether a version without the field drops it silently.</param>
/// <param name="Plain">Whether its length is never compact.</param>
internal sealed record FieldModel(
    string Name,
    ScalarType? Scalar,
    string? StructClass,
    bool IsList,
    VersionRange Versions,
    int? NullableFrom,
    int? Tag,
    string? Default,
    bool DefaultIsNull,
    bool Ignorable,
    bool Plain)
{
    public bool IsErrorCode => Scalar == ScalarType.Short && !IsList && Name == "ErrorCode";

    public bool IsNullable => NullableFrom is not null;

    public bool IsStruct => StructClass is not null && !IsList;

    /// <summary>A struct that is made when it is first asked for: most are never set.</summary>
    public bool IsLazyStruct => IsStruct && !IsNullable;
}
