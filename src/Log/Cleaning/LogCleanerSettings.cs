using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log.Cleaning;

/// <summary>All that a <see cref="LogCleaner"/> needs.</summary>
public sealed record LogCleanerSettings
{
    public required TimeProvider Time { get; init; }

    /// <summary>The logs of the node, in a steady order; those whose policy is not compact are passed over.</summary>
    public required Func<IEnumerable<CleanerTarget>> Targets { get; init; }

    /// <summary>Writes the checkpoint of the log directory that a log lies in. One thread at a time.</summary>
    public required Action<PartitionLog> WriteCheckpoint { get; init; }

    public CleanerOptions Options { get; init; } = new();

    /// <summary>Told of each cleaning.</summary>
    public Action<CleaningStats>? Cleaned { get; init; }

    /// <summary>Told why a log is not cleaned any more.</summary>
    public Action<PartitionLog, string>? Uncleanable { get; init; }

    /// <summary>Told of a disk that failed under the checkpoint; a log whose disk fails tells so itself.</summary>
    public required Action<StorageException> Failed { get; init; }
}
