using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>All that a <see cref="PartitionLog"/> needs to open.</summary>
public sealed record PartitionLogSettings
{
    public required IStorage Storage { get; init; }

    /// <summary>The partition's own directory; created when it does not exist.</summary>
    public required string Directory { get; init; }

    public required TopicPartition TopicPartition { get; init; }

    public required TimeProvider Time { get; init; }

    public Uuid TopicId { get; init; }

    public LogOptions Options { get; init; } = LogOptions.Default;

    /// <summary>The last process closed this log and noted it: no segment is checked byte by byte.</summary>
    public bool HadCleanShutdown { get; init; }

    /// <summary>What is below was durable; segments from here on are checked after an unclean stop.</summary>
    public long RecoveryPoint { get; init; }

    /// <summary>The checkpointed log start; the first segment's base offset counts when that is greater.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>The checkpointed high watermark; clamped to what the log holds.</summary>
    public long HighWatermark { get; init; }

    /// <summary>The checkpointed end of what was compacted; -1 when there was no cleaning.</summary>
    public long CleanedTo { get; init; } = -1;

    /// <summary>producer.id.expiration.ms.</summary>
    public long ProducerIdExpirationMs { get; init; } = 86_400_000;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    /// <summary>Where reads take their memory from; shared by the logs of a node.</summary>
    public ReadBufferPool Buffers { get; init; } = new();

    /// <summary>For segment.jitter.ms.</summary>
    public Prng? Chance { get; init; }

    /// <summary>Called once when the disk fails, on whichever thread met it.</summary>
    public Action<PartitionLog, StorageException>? Failed { get; init; }

    /// <summary>Told of each flush how long it took; on any thread.</summary>
    public Action<TimeSpan>? Flushed { get; init; }

    /// <summary>Called when a truncation has moved the recovery point back, before anything is appended.</summary>
    internal Action<PartitionLog>? RecoveryPointLowered { get; init; }
}
