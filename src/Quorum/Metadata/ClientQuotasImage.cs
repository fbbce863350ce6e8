using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>Quotas by entity, key and value.</summary>
public sealed record ClientQuotasImage
{
    public static ClientQuotasImage Empty { get; } = new();

    public ImmutableSortedDictionary<QuotaKey, double> Quotas { get; init; } =
        ImmutableSortedDictionary<QuotaKey, double>.Empty;

    public bool Equals(ClientQuotasImage? other) => other is not null && ImageMaps.Same(Quotas, other.Quotas);

    public override int GetHashCode() => Quotas.Count;
}
