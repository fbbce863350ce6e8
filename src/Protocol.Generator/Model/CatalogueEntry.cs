namespace KRaftSharp.Protocol.Generator.Model;

/// <summary>What factory and API table need of a message; unchanged by edits of its fields.</summary>
internal sealed record CatalogueEntry(
    MessageKind Kind, int Key, string Name, VersionRange Versions, int FlexibleFrom, ApiTraits Traits, string Path);
