using System.Globalization;
using KRaftSharp.Quorum.Configs;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups;

/// <summary>
/// The configs in force of a group now: its own (resource GROUP), else the broker's dynamic ones, else those of its
/// file; within the broker's bounds. Names are those of group configs, as consumer.session.timeout.ms.
/// </summary>
internal sealed class GroupConfigReader(EffectiveConfigs configs, Func<MetadataImage> image)
{
    /// <summary>Of a node that sets nothing; tests use it.</summary>
    public static GroupConfigReader OfDefaults(Func<MetadataImage> image) =>
        new(new EffectiveConfigs(new Dictionary<string, string>(StringComparer.Ordinal), 0), image);

    public int Int(string groupId, string name) => int.Parse(Text(groupId, name)!, CultureInfo.InvariantCulture);

    public long Long(string groupId, string name) => long.Parse(Text(groupId, name)!, CultureInfo.InvariantCulture);

    public bool Bool(string groupId, string name) => bool.Parse(Text(groupId, name)!);

    public IReadOnlyList<string> List(string groupId, string name) =>
        ConfigValue.ParseList(Text(groupId, name) ?? "");

    public string? Text(string groupId, string name) => configs.GroupValue(image().Configs, groupId, name)?.Trim();
}
