using KRaftSharp.Log;

namespace KRaftSharp.Quorum.Raft;

/// <summary>
/// Writes a snapshot beside the log; it becomes one by <see cref="Freeze"/>, without which nothing is left of it.
/// </summary>
/// <remarks>Used by one thread at a time, which need not be the quorum's.</remarks>
public interface ISnapshotWriter : IDisposable
{
    LogPoint SnapshotId { get; }

    /// <summary>Bytes so far.</summary>
    long SizeBytes { get; }

    /// <summary>Appends records; how they are cut into batches is the writer's choice.</summary>
    void Append(IReadOnlyList<VersionedRecord> records);

    /// <summary>
    /// Writes the footer, makes the file durable, gives it its name and lets the log drop what it covers.
    /// </summary>
    void Freeze();
}
