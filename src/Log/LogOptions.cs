using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>What a topic's configuration says to its logs; defaults are Kafka's. Shared, immutable.</summary>
public sealed record LogOptions
{
    public static LogOptions Default { get; } = new();

    /// <summary>segment.bytes.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>segment.ms: how long, by the records' timestamps, a segment stays open.</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>
    /// segment.jitter.ms: the most that is taken off segment.ms, so that not all segments roll at once.
    /// </summary>
    public long SegmentJitterMs { get; init; }

    /// <summary>index.interval.bytes: an index entry is made each time so many bytes have gone by.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>segment.index.bytes: the most an index may hold; a full one rolls the segment.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>retention.ms; negative for ever.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>retention.bytes; negative for no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>file.delete.delay.ms: how long files that are no longer part of a log are kept for readers.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary>max.message.bytes, of a whole batch.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>max.decompressed.message.bytes, of one record of a compressed batch.</summary>
    public int MaxDecompressedBytes { get; init; } = 2147483639;

    /// <summary>message.timestamp.type.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary>message.timestamp.before.max.ms.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>message.timestamp.after.max.ms.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary>compression.type; null for "producer".</summary>
    public CompressionCodec? Compression { get; init; }

    /// <summary>compression.{gzip,lz4,zstd}.level; null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>cleanup.policy contains delete.</summary>
    public bool IsDeleted { get; init; } = true;

    /// <summary>cleanup.policy contains compact.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>min.cleanable.dirty.ratio: the share of a log that has to be dirty before it is compacted.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>min.compaction.lag.ms: records younger than this are not compacted.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>max.compaction.lag.ms: records older than this are compacted however little is dirty; a segment stays
    /// open no longer than this.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>delete.retention.ms: how long after the first cleaning tombstones and markers are kept.</summary>
    public long DeleteRetentionMs { get; init; } = 24L * 60 * 60 * 1000;

    /// <summary>How long a segment stays open.</summary>
    public long RollMs => IsCompacted && MaxCompactionLagMs > 0 ? Math.Min(MaxCompactionLagMs, SegmentMs) : SegmentMs;

    /// <summary>flush.messages; <see cref="long.MaxValue"/> leaves flushing to the operating system.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary>flush.ms.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary>preallocate: a new segment gets its full size at once.</summary>
    public bool IsPreallocated { get; init; }
}
