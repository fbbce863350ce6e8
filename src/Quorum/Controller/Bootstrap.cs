using KRaftSharp.Protocol.Messages;
using KRaftSharp.Quorum.Metadata;
using KRaftSharp.Quorum.Raft;

namespace KRaftSharp.Quorum.Controller;

/// <summary>The records that a new cluster starts with, as Kafka's formatter writes them.</summary>
public static class Bootstrap
{
    public static IReadOnlyList<VersionedRecord> LatestProduction { get; } =
        ForVersion(MetadataVersion.LatestProduction, new Dictionary<string, short>());

    /// <param name="version">The cluster's metadata.version.</param>
    /// <param name="levels">Levels that differ from that version's defaults; kraft.version is not among them.</param>
    public static IReadOnlyList<VersionedRecord> ForVersion(
        MetadataVersion version, IReadOnlyDictionary<string, short> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        List<VersionedRecord> records = [Feature(MetadataVersion.FeatureName, version.Level)];
        foreach (FeatureDefinition feature in KnownFeatures.All)
        {
            short level = levels.TryGetValue(feature.Name, out short chosen) ? chosen : feature.DefaultAt(version);
            if (level > 0 && feature.Name is not (MetadataVersion.FeatureName or KnownFeatures.KRaftVersion))
            {
                records.Add(Feature(feature.Name, level));
            }
        }

        return records;
    }

    private static VersionedRecord Feature(string name, short level) =>
        new(new FeatureLevelRecord { Name = name, FeatureLevel = level }, 0);
}
