using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The configs of one resource.</summary>
public sealed record ConfigSet(ImmutableSortedDictionary<string, string> Values)
{
    public bool Equals(ConfigSet? other) => other is not null && ImageMaps.Same(Values, other.Values);

    public override int GetHashCode() => Values.Count;
}
