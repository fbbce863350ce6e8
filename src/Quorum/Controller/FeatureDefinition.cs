using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Quorum.Controller;

/// <summary>A feature that this software knows.</summary>
/// <param name="Supported">The levels it can work with.</param>
/// <param name="Defaults">The metadata version from which a new cluster gets a level, ascending.</param>
public sealed record FeatureDefinition(
    string Name, VersionRange Supported, IReadOnlyList<(short MetadataVersion, short Level)> Defaults)
{
    /// <summary>The metadata version that a level needs, for levels that need one.</summary>
    public IReadOnlyDictionary<short, MetadataVersion> Requires { get; init; } =
        new Dictionary<short, MetadataVersion>();

    public short DefaultAt(MetadataVersion version) =>
        Defaults.LastOrDefault(entry => entry.MetadataVersion <= version.Level).Level;
}
