using System.Collections.Immutable;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>The finalized level of each feature (KIP-584).</summary>
public sealed record FeaturesImage
{
    public static FeaturesImage Empty { get; } = new();

    /// <summary>Levels above zero by feature name, metadata.version among them.</summary>
    public ImmutableSortedDictionary<string, short> FinalizedLevels { get; init; } =
        ImmutableSortedDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>False until the bootstrap records have been replayed.</summary>
    public bool HasMetadataVersion => FinalizedLevels.ContainsKey(MetadataVersion.FeatureName);

    /// <summary>The finalized metadata.version; the lowest known one while there is none.</summary>
    public MetadataVersion MetadataVersion =>
        FinalizedLevels.TryGetValue(MetadataVersion.FeatureName, out short level)
            ? new MetadataVersion(level)
            : MetadataVersion.Minimum;

    /// <summary>The finalized level of a feature, zero when it is off.</summary>
    public short LevelOf(string feature) => FinalizedLevels.GetValueOrDefault(feature);

    public bool Equals(FeaturesImage? other) =>
        other is not null && ImageMaps.Same(FinalizedLevels, other.FinalizedLevels);

    public override int GetHashCode() => FinalizedLevels.Count;
}
