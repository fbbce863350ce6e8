using System.Collections.Concurrent;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <content>Several log directories, any of which may fail (KIP-112).</content>
public sealed partial class LogManager
{
    private readonly List<LogDirectory> _inOrder = [];
    private readonly Dictionary<string, LogDirectory> _directories = [];
    private readonly ConcurrentBag<PartitionLog> _failed = [];

    /// <summary>log.dirs, in their order, those that failed too.</summary>
    public IReadOnlyList<LogDirectory> Directories => _inOrder;

    /// <summary>The directory that a file or directory lies in; null when it is in none.</summary>
    public LogDirectory? DirectoryOf(string path) => _inOrder.Find(directory =>
        path == directory.Path || path.StartsWith(directory.Path + "/", StringComparison.Ordinal));

    /// <summary>The online directory with the fewest logs, of those that are allowed if there are any.</summary>
    public LogDirectory Emptiest(Func<LogDirectory, bool> isAllowed)
    {
        List<LogDirectory> online = [.. _inOrder.Where(static directory => directory.IsOnline)];
        List<LogDirectory> allowed = [.. online.Where(isAllowed)];
        return (allowed.Count > 0 ? allowed : online) switch
        {
            [] => throw new StorageException("No log directory is left"),
            [LogDirectory only] => only, // the logs need not be counted for each new one
            var several => several.MinBy(directory => _logs.Values.Count(log => ParentOf(log) == directory.Path))!,
        };
    }

    /// <summary>The logs in a directory, in order.</summary>
    public IReadOnlyList<PartitionLog> LogsOf(LogDirectory directory) => LogsIn(directory.Path);

    /// <summary>A disk failed: the directory and its logs are not touched any more. False if known.</summary>
    public bool TakeOffline(LogDirectory directory)
    {
        if (!directory.TakeOffline())
        {
            return false;
        }

        foreach (PartitionLog log in LogsIn(directory.Path))
        {
            log.GoOffline(new StorageException(StorageFault.Io, directory.Path));
            _logs.TryRemove(log.TopicPartition, out _);
            _failed.Add(log);
        }

        return true;
    }

    private LogDirectory NoteDirectory(string path, Uuid id)
    {
        if (!_directories.TryGetValue(path, out LogDirectory? directory))
        {
            directory = new LogDirectory(path, id);
            _directories.Add(path, directory);
            _inOrder.Add(directory);
        }

        return directory;
    }
}
