using KRaftSharp.Broker.Config;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Quorum.Metadata;

namespace KRaftSharp.Broker.ShareState;

/// <summary>What the shards of the share coordinator share.</summary>
internal sealed record ShareStateServices
{
    public required TimeProvider Time { get; init; }

    public required Func<MetadataImage> Image { get; init; }

    /// <summary>Removes the records of a state partition that lie before an offset.</summary>
    public required Action<int, long> Prune { get; init; }

    /// <summary>So many updates of a share partition are followed by a snapshot.</summary>
    public int UpdatesPerSnapshot { get; init; } = 500;

    /// <summary>Share partitions that did not change for so long get a new snapshot, so that the log before it can go.
    /// </summary>
    public long ColdSnapshotIntervalMs { get; init; } = 300_000;

    public long PruneIntervalMs { get; init; } = 300_000;

    public long NowMs => Time.WallClockMs();

    public static ShareStateServices From(
        NodeConfig config, TimeProvider time, Func<MetadataImage> image, Action<int, long> prune) => new()
        {
            Time = time,
            Image = image,
            Prune = prune,
            UpdatesPerSnapshot = config.GetInt("share.coordinator.snapshot.update.records.per.snapshot"),
            ColdSnapshotIntervalMs = config.GetInt("share.coordinator.cold.partition.snapshot.interval.ms"),
            PruneIntervalMs = config.GetInt("share.coordinator.state.topic.prune.interval.ms"),
        };
}
