using KRaftSharp.Protocol.Compression;

namespace KRaftSharp.Protocol.Records;

/// <summary>What a batch to be built has in its header beyond its records.</summary>
public sealed record RecordBatchOptions
{
    public static RecordBatchOptions Default { get; } = new();

    public long BaseOffset { get; init; }

    public int PartitionLeaderEpoch { get; init; } = RecordBatchLayout.NoPartitionLeaderEpoch;

    public CompressionCodec Compression { get; init; }

    /// <summary>The codec's level; null for its default.</summary>
    public int? CompressionLevel { get; init; }

    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary>The max timestamp of a batch whose type is <see cref="TimestampType.LogAppendTime"/>.</summary>
    public long LogAppendTimeMs { get; init; } = RecordBatchLayout.NoTimestamp;

    public long ProducerId { get; init; } = RecordBatchLayout.NoProducerId;

    public short ProducerEpoch { get; init; } = RecordBatchLayout.NoProducerEpoch;

    public int BaseSequence { get; init; } = RecordBatchLayout.NoSequence;

    public bool IsTransactional { get; init; }

    public bool IsControl { get; init; }

    /// <summary>When the batch's tombstones may go; takes the place of the base timestamp (KIP-534).</summary>
    public long? DeleteHorizonMs { get; init; }

    /// <summary>What deltas count from; null for the first record's timestamp (or -1 without records).</summary>
    public long? BaseTimestampMs { get; init; }

    /// <summary>Null for the greatest timestamp of the records.</summary>
    public long? MaxTimestampMs { get; init; }

    /// <summary>The batch's last offset where compaction took its last records; null for the last record's.</summary>
    public long? LastOffset { get; init; }
}
