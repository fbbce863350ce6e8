using System.Collections.Concurrent;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Log;

/// <content>Logs that are copied to another log directory while they serve (KIP-113).</content>
public sealed partial class LogManager
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _futures = new();
    private readonly ConcurrentDictionary<TopicPartition, LogDirectory> _interrupted = new();

    /// <summary>The copy of a log that is under way; null if none. Any thread.</summary>
    public PartitionLog? Future(TopicPartition partition) => _futures.GetValueOrDefault(partition);

    /// <summary>The copies in a directory.</summary>
    public IEnumerable<PartitionLog> FuturesOf(LogDirectory directory) =>
        _futures.Values.Where(log => DirectoryOf(log.Directory) == directory).OrderBy(log => log.TopicPartition);

    /// <summary>Where a log was being moved when the last process ended; null if nowhere. Asked once.</summary>
    public LogDirectory? TakeInterruptedMove(TopicPartition partition) =>
        _interrupted.TryRemove(partition, out LogDirectory? directory) ? directory : null;

    /// <summary>Starts an empty copy of a log, in a directory named {topic}-{partition}.{id}-future.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public PartitionLog CreateFuture(PartitionLog current, LogDirectory directory)
    {
        TopicPartition partition = current.TopicPartition;
        string path = DirectoryNames.Future(SegmentFiles.Path(directory.Path, partition.ToString()), Unique());
        _storage.CreateDirectory(path);
        if (!current.TopicId.IsZero)
        {
            PartitionMetadata.Write(_storage, path, current.TopicId, isDurable: false);
        }

        PartitionLog future = PartitionLog.Open(
            SettingsOf(directory, path, partition, current.TopicId, current.Options) with
            {
                HadCleanShutdown = true,
                LogStartOffset = current.LogStartOffset,
            });
        _futures[partition] = future;
        return future;
    }

    /// <summary>Gives a copy up.</summary>
    public void DropFuture(TopicPartition partition)
    {
        if (_futures.TryRemove(partition, out PartitionLog? future))
        {
            future.Dispose();
            string path = future.Directory;
            _deletion.Schedule(storage => storage.DeleteDirectory(path), 0);
        }
    }

    /// <summary>A complete copy, which nobody uses any more, takes the place of the log. One strand.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public async Task PromoteFutureAsync(TopicPartition partition)
    {
        if (!_futures.TryGetValue(partition, out PartitionLog? future) || Get(partition) is not { } current)
        {
            return;
        }

        LogDirectory directory = DirectoryOf(future.Directory)!;
        string path = SegmentFiles.Path(directory.Path, partition.ToString());
        (long logStart, long highWatermark) = (current.LogStartOffset, current.HighWatermark);
        await future.CloseAsync();
        _futures.TryRemove(partition, out _);

        // First the copy gets its name: should a crash leave both, the longer one counts.
        _storage.Rename(future.Directory, path);
        _storage.SyncDirectory(directory.Path);
        Delete(partition);
        _logs[partition] = PartitionLog.Open(
            SettingsOf(directory, path, partition, future.TopicId, current.Options) with
            {
                HadCleanShutdown = true,
                LogStartOffset = logStart,
                HighWatermark = highWatermark,
                CleanedTo = current.CleanedTo,
            });
        Checkpoint(directory, isDurable: true);
    }
}
