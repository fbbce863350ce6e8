using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>SCRAM credentials by mechanism number and user.</summary>
public sealed record ScramImage
{
    public static ScramImage Empty { get; } = new();

    public ImmutableSortedDictionary<(sbyte Mechanism, string User), ScramCredential> Credentials { get; init; } =
        ImmutableSortedDictionary.Create<(sbyte Mechanism, string User), ScramCredential>(
            Comparer<(sbyte Mechanism, string User)>.Create(static (a, b) => a.Mechanism != b.Mechanism
                ? a.Mechanism.CompareTo(b.Mechanism)
                : string.CompareOrdinal(a.User, b.User)));

    public bool Equals(ScramImage? other) => other is not null && ImageMaps.Same(Credentials, other.Credentials);

    public override int GetHashCode() => Credentials.Count;
}
