using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Protocol.Records;

/// <summary>What a topic and a request allow. Made once for a configuration and shared.</summary>
public sealed record RecordValidationOptions
{
    public AppendOrigin Origin { get; init; }

    /// <summary>The topic's compression.type; null for "producer": batches stay as they come.</summary>
    public CompressionCodec? TargetCompression { get; init; }

    /// <summary>The level for <see cref="TargetCompression"/>; null for the codec's default.</summary>
    public int? TargetLevel { get; init; }

    /// <summary>message.timestamp.type.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary>message.timestamp.before.max.ms: how far in the past a record may lie.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>message.timestamp.after.max.ms: how far in the future a record may lie.</summary>
    public long TimestampAfterMaxMs { get; init; } = long.MaxValue;

    /// <summary>cleanup.policy contains compact: every record needs a key.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>max.message.bytes, of the whole batch.</summary>
    public int MaxBatchBytes { get; init; } = int.MaxValue;

    /// <summary>max.decompressed.message.bytes: the most bytes one record of a compressed batch may become.</summary>
    public int MaxRecordBytes { get; init; } = int.MaxValue;

    /// <summary>The most bytes a batch may hold uncompressed when it is compressed anew, which keeps them all in
    /// memory at once. A batch that stays as it is costs no memory and has no such bound.</summary>
    public long MaxRewrittenBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>False for produce requests before version 7.</summary>
    public bool AllowsZstd { get; init; } = true;

    /// <summary>Whether a client's batch must have base offset 0, as Kafka demands where it appends.</summary>
    public bool RequiresZeroBaseOffset { get; init; } = true;

    /// <summary>Topic and partition, for messages only.</summary>
    public string PartitionName { get; init; } = "";
}
