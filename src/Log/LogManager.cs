using System.Collections.Concurrent;
using System.Globalization;
using KRaftSharp.Log.Checkpoints;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;

namespace KRaftSharp.Log;

/// <summary>The logs of a node's log directories, with their checkpoints.</summary>
/// <remarks>Lookups are for any thread; logs are created and deleted on one strand.</remarks>
public sealed partial class LogManager : IDisposable
{
    private readonly LogManagerSettings _settings;
    private readonly IStorage _storage;
    private readonly ReadBufferPool _buffers = new();
    private readonly DelayedDeletion _deletion;
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = new();
    private readonly List<IDisposable> _locks = [];
    private readonly string[] _paths;
    private readonly Lock _cleanerCheckpoint = new();

    private LogManager(LogManagerSettings settings)
    {
        _settings = settings;
        _storage = settings.Storage;
        _deletion = new DelayedDeletion(settings.Storage, settings.Time);
        _paths = [.. settings.Directories.Select(static path => path.TrimEnd('/'))];
    }

    /// <summary>The last process on these directories stopped in order.</summary>
    public bool HadCleanShutdown { get; private set; }

    /// <summary>The broker epoch noted at the last clean stop; -1 when there is none.</summary>
    public long CleanShutdownBrokerEpoch { get; private set; } = CleanShutdownMarker.NoBrokerEpoch;

    /// <summary>Where the logs' reads take their memory from.</summary>
    public ReadBufferPool Buffers => _buffers;

    /// <summary>A snapshot of all logs, in order of their partitions; others may open and delete logs meanwhile.
    /// </summary>
    public IReadOnlyList<PartitionLog> Logs =>
        [.. _logs.Values.OrderBy(static log => log.TopicPartition)];

    /// <summary>Loads all logs of all directories; those of an unclean stop are recovered.</summary>
    /// <exception cref="StorageException">A directory cannot be used, or another process has it.</exception>
    public static LogManager Open(LogManagerSettings settings)
    {
        var manager = new LogManager(settings);
        try
        {
            manager.Load();
            return manager;
        }
        catch
        {
            manager.Dispose();
            throw;
        }
    }

    public PartitionLog? Get(TopicPartition partition) => _logs.GetValueOrDefault(partition);

    /// <summary>The log of a partition. One that is there but belongs to another topic id is deleted first.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public PartitionLog GetOrCreate(
        TopicPartition partition, Uuid topicId, LogOptions options, string? directory = null)
    {
        if (_logs.TryGetValue(partition, out PartitionLog? found))
        {
            if (found.TopicId.IsZero && !topicId.IsZero)
            {
                PartitionMetadata.Write(_storage, found.Directory, topicId, isDurable: false);
                found.AdoptTopicId(topicId);
            }

            if (found.TopicId == topicId || topicId.IsZero)
            {
                found.UpdateOptions(options);
                return found;
            }

            Delete(partition);
        }

        LogDirectory parent = _directories[directory?.TrimEnd('/') ?? Emptiest(static _ => true).Path];
        string path = SegmentFiles.Path(parent.Path, partition.ToString());
        _storage.CreateDirectory(path);
        if (!topicId.IsZero)
        {
            PartitionMetadata.Write(_storage, path, topicId, isDurable: false);
        }

        PartitionLog log = PartitionLog.Open(SettingsOf(parent, path, partition, topicId, options) with
        {
            HadCleanShutdown = true,
        });
        _logs[partition] = log;
        return log;
    }

    /// <summary>Renames the log's directory to {name}.{id}-delete and removes it after file.delete.delay.ms.</summary>
    /// <returns>False when there is no such log.</returns>
    /// <exception cref="StorageException">The disk failed.</exception>
    public bool Delete(TopicPartition partition)
    {
        if (!_logs.TryRemove(partition, out PartitionLog? log))
        {
            return false;
        }

        Discard(log);
        return true;
    }

    private void Discard(PartitionLog log)
    {
        string doomed = DirectoryNames.Doomed(log.Directory, Unique());
        string path = log.Directory;
        log.MoveTo(doomed);
        _storage.Rename(path, doomed);
        log.Dispose();
        if (log.CleanedTo >= 0)
        {
            WriteCleanerCheckpoint(ParentOf(log));
        }

        _deletion.Schedule(storage => storage.DeleteDirectory(doomed), log.Options.FileDeleteDelayMs);
    }

    /// <summary>Writes recovery points, log starts and high watermarks of all logs. Does not flush.</summary>
    public ValueTask CheckpointAsync()
    {
        foreach (LogDirectory directory in _inOrder.Where(static directory => directory.IsOnline))
        {
            Checkpoint(directory, isDurable: true);
        }

        return default;
    }

    /// <summary>Closes all logs, writes the checkpoints and the clean-shutdown marker.</summary>
    public async ValueTask CleanShutdownAsync(long brokerEpoch = CleanShutdownMarker.NoBrokerEpoch)
    {
        IReadOnlyList<PartitionLog> logs = Logs;
        HashSet<string> failed = [];
        foreach (PartitionLog log in logs)
        {
            try
            {
                await log.CloseAsync();
            }
            catch (StorageException)
            {
                // The log took itself offline and told so; its directory is left as after a crash.
            }

            if (log.IsOffline)
            {
                failed.Add(ParentOf(log));
            }
        }

        foreach (LogDirectory directory in _inOrder.Where(static directory => directory.IsOnline))
        {
            Checkpoint(directory, isDurable: true);
            if (!failed.Contains(directory.Path))
            {
                CleanShutdownMarker.Write(_storage, directory.Path, brokerEpoch);
            }
        }

        Dispose();
    }

    /// <summary>Closes all files as they are: what is left is what a crash of the process leaves.</summary>
    public void Dispose()
    {
        _deletion.Dispose();
        foreach (PartitionLog log in Logs.Concat(_failed).Concat(_futures.Values))
        {
            log.Dispose();
        }

        _logs.Clear();
        _locks.ForEach(static held => held.Dispose());
        _locks.Clear();
    }

    private void Load()
    {
        HadCleanShutdown = true;
        StorageException? failure = null;
        foreach (string path in _paths)
        {
            try
            {
                LoadDirectory(path);
            }
            catch (StorageException error) when (error.Kind != StorageFault.Locked && _paths.Length > 1)
            {
                _settings.Report?.Invoke($"{path} is offline: {error.Message}");
                failure = error;
                TakeOffline(NoteDirectory(path, Uuid.Zero));
            }
        }

        if (failure is not null && !_inOrder.Exists(static directory => directory.IsOnline))
        {
            throw failure;
        }

        if (!HadCleanShutdown)
        {
            CleanShutdownBrokerEpoch = CleanShutdownMarker.NoBrokerEpoch;
        }
    }

    private void LoadDirectory(string path)
    {
        _storage.CreateDirectory(path);
        _locks.Add(_storage.LockDirectory(path));
        LogDirectory directory = NoteDirectory(
            path, MetaProperties.Read(_storage, path)?.DirectoryId ?? Uuid.Zero);
        bool isClean = CleanShutdownMarker.Exists(_storage, path);
        if (isClean)
        {
            CleanShutdownBrokerEpoch = CleanShutdownMarker.ReadBrokerEpoch(_storage, path);
            CleanShutdownMarker.Delete(_storage, path);
            _storage.SyncDirectory(path);
        }

        HadCleanShutdown &= isClean;
        LoadLogs(directory, isClean);
    }

    private void LoadLogs(LogDirectory directory, bool isClean)
    {
        Dictionary<TopicPartition, long> recoveryPoints =
            OffsetCheckpoint.Read(_storage, directory.Path, OffsetCheckpoint.RecoveryPoints);
        Dictionary<TopicPartition, long> logStarts =
            OffsetCheckpoint.Read(_storage, directory.Path, OffsetCheckpoint.LogStarts);
        Dictionary<TopicPartition, long> highWatermarks =
            OffsetCheckpoint.Read(_storage, directory.Path, OffsetCheckpoint.HighWatermarks);
        Dictionary<TopicPartition, long> cleanedTo =
            OffsetCheckpoint.Read(_storage, directory.Path, OffsetCheckpoint.CleanedTo);
        directory.RecoveryPoints = recoveryPoints;
        foreach (string name in _storage.ListDirectories(directory.Path))
        {
            string path = SegmentFiles.Path(directory.Path, name);
            if (name.EndsWith(SegmentFiles.DeleteDirectorySuffix, StringComparison.Ordinal))
            {
                _deletion.Schedule(storage => storage.DeleteDirectory(path), 0);
                continue;
            }

            if (DirectoryNames.TryParseFuture(name, out TopicPartition moving))
            {
                _interrupted[moving] = directory;
                _storage.DeleteDirectory(path);
                continue;
            }

            if (!DirectoryNames.TryParse(name, out TopicPartition partition))
            {
                continue;
            }

            LogOptions options = _settings.OptionsOf(partition.Topic);
            Uuid topicId = PartitionMetadata.Read(_storage, path);
            PartitionLog log = PartitionLog.Open(SettingsOf(directory, path, partition, topicId, options) with
            {
                HadCleanShutdown = isClean,
                RecoveryPoint = recoveryPoints.GetValueOrDefault(partition),
                LogStartOffset = logStarts.GetValueOrDefault(partition),
                HighWatermark = highWatermarks.GetValueOrDefault(partition),
                CleanedTo = cleanedTo.GetValueOrDefault(partition, -1),
            });
            if (!isClean)
            {
                _settings.Report?.Invoke(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{partition}: recovered {log.LogStartOffset}..{log.LogEndOffset} after an unclean stop"));
            }

            if (_logs.TryGetValue(partition, out PartitionLog? other) && other.LogEndOffset >= log.LogEndOffset)
            {
                Discard(log);
                continue;
            }

            // A move to another directory was interrupted at its end: the copy that is complete is the longer one.
            Delete(partition);
            _logs[partition] = log;
        }
    }

    private PartitionLogSettings SettingsOf(
        LogDirectory directory, string path, TopicPartition partition, Uuid topicId, LogOptions options)
    {
        return new PartitionLogSettings
        {
            Storage = _storage,
            Directory = path,
            TopicPartition = partition,
            TopicId = topicId,
            Time = _settings.Time,
            Options = options,
            ProducerIdExpirationMs = _settings.ProducerIdExpirationMs,
            Planted = _settings.Planted,
            Buffers = _buffers,
            Chance = options.SegmentJitterMs > 0 ? _settings.Chance.Fork() : null,
            Failed = _settings.LogFailed,
            Flushed = _settings.Flushed,
            RecoveryPointLowered = log => OnRecoveryPointLowered(directory, log),
        };
    }

    /// <summary>A checkpoint beyond what a truncated log holds would keep recovery from looking at what is written
    /// there anew.</summary>
    private void OnRecoveryPointLowered(LogDirectory directory, PartitionLog log)
    {
        if (directory.RecoveryPoints.GetValueOrDefault(log.TopicPartition) > log.RecoveryPoint)
        {
            WriteRecoveryPoints(directory, isDurable: true);
        }

        // What is cleaned is below the recovery point: where they meet, the truncation has moved both.
        if (log.CleanedTo == log.RecoveryPoint)
        {
            WriteCleanerCheckpoint(directory.Path);
        }
    }

    private void Checkpoint(LogDirectory directory, bool isDurable)
    {
        List<PartitionLog> logs = LogsIn(directory.Path);
        WriteRecoveryPoints(directory, isDurable);
        OffsetCheckpoint.Write(_storage, directory.Path, OffsetCheckpoint.LogStarts,
            Offsets(logs, static log => log.LogStartOffset), isDurable);
        OffsetCheckpoint.Write(_storage, directory.Path, OffsetCheckpoint.HighWatermarks,
            Offsets(logs, static log => log.HighWatermark), isDurable);
    }

    private void WriteRecoveryPoints(LogDirectory directory, bool isDurable)
    {
        List<KeyValuePair<TopicPartition, long>> points =
            Offsets(LogsIn(directory.Path), static log => log.RecoveryPoint);
        OffsetCheckpoint.Write(_storage, directory.Path, OffsetCheckpoint.RecoveryPoints, points, isDurable);
        directory.RecoveryPoints = points.ToDictionary();
    }

    /// <summary>Writes how far the logs of the directory that a log lies in are compacted. Any thread.</summary>
    public void WriteCleanerCheckpoint(PartitionLog log) => WriteCleanerCheckpoint(ParentOf(log));

    private void WriteCleanerCheckpoint(string directory)
    {
        lock (_cleanerCheckpoint)
        {
            OffsetCheckpoint.Write(_storage, directory, OffsetCheckpoint.CleanedTo,
                Offsets([.. LogsIn(directory).Where(static log => log.CleanedTo >= 0)], static log => log.CleanedTo));
        }
    }

    private static List<KeyValuePair<TopicPartition, long>> Offsets(
        List<PartitionLog> logs, Func<PartitionLog, long> offsetOf) =>
        [.. logs.Select(log => KeyValuePair.Create(log.TopicPartition, offsetOf(log)))];

    private List<PartitionLog> LogsIn(string directory) =>
        [.. Logs.Where(log => ParentOf(log) == directory)];

    private static string ParentOf(PartitionLog log) => log.Directory[..log.Directory.LastIndexOf('/')];

    private string Unique()
    {
        Uuid id = _settings.Chance.NextUuid();
        return string.Create(CultureInfo.InvariantCulture, $"{id.High:x16}{id.Low:x16}");
    }
}
