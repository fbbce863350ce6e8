namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>One message: its own fields and the structs inside it, all of them flat.</summary>
/// <param name="Key">API key or record type; -1 where it has none.</param>
/// <param name="FlexibleFrom">First version with compact lengths and tagged fields; above all versions for none.
/// </param>
internal sealed record MessageModel(
    MessageKind Kind,
    int Key,
    int FlexibleFrom,
    ApiTraits Traits,
    StructModel Body,
    EquatableArray<StructModel> Structs)
{
    public string Name => Body.Name;

    public VersionRange Versions => Body.Versions;
}
