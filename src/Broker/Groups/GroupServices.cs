using KRaftSharp.Broker.Groups.Consumer;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.Groups;

/// <summary>What the groups of one shard share.</summary>
internal sealed record GroupServices(
    GroupSettings Settings, TimeProvider Time, Prng Chance, Func<MetadataImage> Image)
{
    /// <summary>What may differ from group to group, and change at any time.</summary>
    public GroupConfigReader Configs { get; init; } = GroupConfigReader.OfDefaults(Image);

    public TopicHashes Hashes { get; } = new();

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    public long WallClockMs => Time.WallClockMs();

    /// <summary>A random id in the form of an RFC 4122 UUID, as Kafka's generated member ids end in.</summary>
    public string NewId()
    {
        Protocol.Uuid id = Chance.NextUuid();
        string high = id.High.ToString("x16", null);
        string low = id.Low.ToString("x16", null);
        return $"{high[..8]}-{high[8..12]}-{high[12..]}-{low[..4]}-{low[4..]}";
    }
}
