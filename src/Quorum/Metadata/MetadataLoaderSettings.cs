using KRaftSharp.Log.Assertions;

namespace KRaftSharp.Quorum.Metadata;

/// <summary>When snapshots are made.</summary>
public sealed record MetadataLoaderSettings
{
    /// <summary>metadata.log.max.record.bytes.between.snapshots.</summary>
    public long MaxRecordBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    /// <summary>metadata.log.max.snapshot.interval.ms; 0 turns snapshots by age off.</summary>
    public long MaxSnapshotIntervalMs { get; init; } = 60 * 60 * 1000;
}
