using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log;

/// <summary>All that a <see cref="LogManager"/> needs to open.</summary>
public sealed record LogManagerSettings
{
    public required IStorage Storage { get; init; }

    /// <summary>log.dirs.</summary>
    public required IReadOnlyList<string> Directories { get; init; }

    public required TimeProvider Time { get; init; }

    public required Prng Chance { get; init; }

    /// <summary>The configuration of a topic whose log is found on disk.</summary>
    public Func<string, LogOptions> OptionsOf { get; init; } = static _ => LogOptions.Default;

    /// <summary>For tests; see <see cref="PlantedFaults"/>.</summary>
    public PlantedFaults Planted { get; init; }

    /// <summary>producer.id.expiration.ms.</summary>
    public long ProducerIdExpirationMs { get; init; } = 86_400_000;

    /// <summary>Called once for a log whose disk failed, on whichever thread met it.</summary>
    public Action<PartitionLog, StorageException>? LogFailed { get; init; }

    /// <summary>Told of each flush how long it took; on any thread.</summary>
    public Action<TimeSpan>? Flushed { get; init; }

    /// <summary>Told in words what was found and done at start: recovered, cut, strange files.</summary>
    public Action<string>? Report { get; init; }
}
