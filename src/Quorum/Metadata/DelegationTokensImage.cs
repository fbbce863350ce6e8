using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Delegation tokens by token id.</summary>
public sealed record DelegationTokensImage
{
    public static DelegationTokensImage Empty { get; } = new();

    public ImmutableSortedDictionary<string, DelegationToken> Tokens { get; init; } =
        ImmutableSortedDictionary.Create<string, DelegationToken>(StringComparer.Ordinal);

    public bool Equals(DelegationTokensImage? other) => other is not null && ImageMaps.Same(Tokens, other.Tokens);

    public override int GetHashCode() => Tokens.Count;
}
