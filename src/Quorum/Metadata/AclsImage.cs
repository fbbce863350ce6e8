using System.Collections.Immutable;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Access control entries by id.</summary>
public sealed record AclsImage
{
    public static AclsImage Empty { get; } = new();

    public ImmutableSortedDictionary<Uuid, AclEntry> Entries { get; init; } =
        ImmutableSortedDictionary<Uuid, AclEntry>.Empty;

    public bool Equals(AclsImage? other) => other is not null && ImageMaps.Same(Entries, other.Entries);

    public override int GetHashCode() => Entries.Count;
}
