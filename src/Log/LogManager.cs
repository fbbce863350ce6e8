using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>The logs of a node's log directories, with their checkpoints.</summary>
/// <remarks>Lookups are for any thread. One partition is created and deleted by one strand at a time.</remarks>
public sealed class LogManager
{
    /// <summary>Loads all logs of all directories; those of an unclean stop are recovered.</summary>
    public static LogManager Open(LogManagerSettings settings) => throw new NotSupportedException();

    /// <summary>The last process on these directories stopped in order.</summary>
    public bool HadCleanShutdown => throw new NotSupportedException();

    /// <summary>The broker epoch noted at the last clean stop; -1 when there is none.</summary>
    public long CleanShutdownBrokerEpoch => throw new NotSupportedException();

    /// <summary>The id in the first directory's meta.properties; zero when there is none.</summary>
    public Uuid DirectoryId => throw new NotSupportedException();

    /// <summary>A snapshot of all logs, in order of their partitions.</summary>
    public IReadOnlyList<PartitionLog> Logs => throw new NotSupportedException();

    public PartitionLog? Get(TopicPartition partition) => throw new NotSupportedException();

    /// <summary>The log of a partition. One that is there but belongs to another topic id is deleted first.</summary>
    public PartitionLog GetOrCreate(
        TopicPartition partition, Uuid topicId, LogOptions options, string? directory = null) =>
        throw new NotSupportedException();

    /// <summary>Renames the log's directory to {name}.{id}-delete and removes it after file.delete.delay.ms.</summary>
    /// <returns>False when there is no such log.</returns>
    public bool Delete(TopicPartition partition) => throw new NotSupportedException();

    /// <summary>Writes recovery points, log starts and high watermarks of all logs. Does not flush.</summary>
    public ValueTask CheckpointAsync() => throw new NotSupportedException();

    /// <summary>Closes all logs, writes the checkpoints and the clean-shutdown marker.</summary>
    public ValueTask CleanShutdownAsync(long brokerEpoch = -1) => throw new NotSupportedException();

    /// <summary>Closes all files as they are: what a crash leaves.</summary>
    public void Abandon() => throw new NotSupportedException();
}
