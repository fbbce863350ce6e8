using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Epochs;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Recovery;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Segments;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log;

/// <summary>One partition's log on disk, in Kafka's files.</summary>
/// <remarks>
/// Single writer: what changes the log runs on its owner's strand. Reads and properties are for any thread, take no
/// lock and never hold up an append. A failed disk makes the log <see cref="IsOffline"/> for good: appends and reads
/// answer <see cref="ErrorCode.KafkaStorageError"/>, everything else throws <see cref="StorageException"/>.
/// </remarks>
public sealed partial class PartitionLog : IDisposable
{
    private readonly PartitionLogSettings _settings;
    private readonly IStorage _storage;
    private readonly LeaderEpochCache _epochs;
    private readonly ProducerTable _producers;
    private readonly ProducerSnapshots _snapshots;
    private readonly DelayedDeletion _deletion;
    private readonly RecoveryState _recovery;
    private readonly RecordBatchValidator _validator = new();
    private LogOptions _options;
    private AppendRules _rules;
    private LogSegment[] _segments;
    private string _directory;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _highWatermark;
    private long _firstUnstableOffset = long.MaxValue;
    private long _sizeBytes;
    private bool _isDirectoryDirty = true;
    private StorageException? _failure;
    private volatile bool _isClosed;

    private PartitionLog(PartitionLogSettings settings, LoadedLog loaded)
    {
        _settings = settings;
        _storage = settings.Storage;
        _directory = settings.Directory;
        TopicId = settings.TopicId;
        _options = settings.Options;
        _rules = new AppendRules(settings.Options, settings.TopicPartition.ToString());
        _segments = [.. loaded.Segments];
        _epochs = loaded.Epochs;
        _producers = loaded.Producers;
        _snapshots = loaded.Snapshots;
        _deletion = new DelayedDeletion(settings.Storage, settings.Time);
        _recovery = new RecoveryState(loaded.RecoveryPoint);
        _cleanedTo = settings.CleanedTo;
        _lastFlushMs = settings.Time.WallClockMs();
        _logStartOffset = loaded.LogStartOffset;
        _logEndOffset = _segments[^1].NextOffset;
        _sizeBytes = _segments.Sum(static segment => (long)segment.SizeBytes);
        _highWatermark = Math.Clamp(settings.HighWatermark, _logStartOffset, _logEndOffset);
        _producers.OnHighWatermark(_highWatermark);
        PublishFirstUnstableOffset();
    }

    public TopicPartition TopicPartition => _settings.TopicPartition;

    public string Directory => Volatile.Read(ref _directory);

    /// <summary>Zero when it is not known.</summary>
    public Uuid TopicId { get; private set; }

    public LogOptions Options => Volatile.Read(ref _options);

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>The offset the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>The end of what a read_committed consumer sees.</summary>
    public long LastStableOffset =>
        _settings.Planted.HasFlag(PlantedFaults.StablePastOpenTransactions)
            ? HighWatermark
            : Math.Min(HighWatermark, Volatile.Read(ref _firstUnstableOffset));

    /// <summary>Everything below is on stable storage.</summary>
    public long RecoveryPoint => _recovery.Point;

    /// <summary>The epoch of the last batch, or that was assigned; -1 when there is none.</summary>
    public int LatestEpoch => _epochs.LatestEpoch;

    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    public int SegmentCount => Volatile.Read(ref _segments).Length;

    /// <summary>The disk failed; the log is not used any more.</summary>
    public bool IsOffline => Failure is not null;

    public StorageException? Failure => Volatile.Read(ref _failure);

    public LeaderEpochCache Epochs => _epochs;

    public ProducerStateView Producers => new(_producers);

    /// <summary>Completes when no flush is under way.</summary>
    internal Task PendingFlush => _flush;

    private LogSegment Active => _segments[^1];

    /// <summary>Opens the log in a directory, or creates it; recovers it when the last stop was unclean.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public static PartitionLog Open(PartitionLogSettings settings) =>
        new(settings, new LogLoader(settings).Load());

    /// <summary>The greatest epoch up to <paramref name="epoch"/> and where it ends (KIP-101, KIP-279).</summary>
    public LogPoint EndOffsetForEpoch(int epoch) => _epochs.EndOffsetFor(epoch, LogEndOffset);

    /// <summary>Notes that a leader epoch starts at the log end, though it has no batch yet.</summary>
    public void AssignEpochStart(int leaderEpoch) => _epochs.Assign(leaderEpoch, LogEndOffset);

    /// <summary>Sets the high watermark, clamped to what the log holds; returns it.</summary>
    public long SetHighWatermark(long offset)
    {
        long clamped = Math.Clamp(offset, _logStartOffset, _logEndOffset);
        Volatile.Write(ref _highWatermark, clamped);
        _producers.OnHighWatermark(clamped);
        PublishFirstUnstableOffset();
        return clamped;
    }

    public void UpdateOptions(LogOptions options)
    {
        _rules = new AppendRules(options, TopicPartition.ToString());
        Volatile.Write(ref _options, options);
    }

    /// <summary>Flushes, takes a producer snapshot and closes all files.</summary>
    public async ValueTask CloseAsync()
    {
        if (!IsOffline)
        {
            try
            {
                _producers.AdvanceEndOffset(_logEndOffset);
                _snapshots.Take(_producers);
                Active.AddFinalTimeEntry();
                Active.PersistIndexes();
                _isDirectoryDirty = true;
            }
            catch (StorageException error)
            {
                Fail(error);
                throw;
            }

            await FlushAsync();
        }

        Dispose();
    }

    /// <summary>Closes all files as they are: what is left is what a crash of the process leaves.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _deletion.Dispose();
        _validator.Dispose();
        foreach (LogSegment segment in Interlocked.Exchange(ref _segments, []))
        {
            segment.Dispose();
        }
    }

    /// <summary>The log was found without a topic id.</summary>
    internal void AdoptTopicId(Uuid topicId)
    {
        TopicId = topicId;
        _isDirectoryDirty = true;
    }

    /// <summary>
    /// The directory is about to be renamed, to be deleted later: a flush under way no longer counts, and must not
    /// write into a directory that takes its place.
    /// </summary>
    internal void MoveTo(string directory)
    {
        _isClosed = true;
        Volatile.Write(ref _directory, directory);
    }

    private long NowMs() => _settings.Time.WallClockMs();

    private void PublishFirstUnstableOffset() => Volatile.Write(
        ref _firstUnstableOffset,
        _producers.FirstUnstableOffset is { } first ? Math.Max(first, _logStartOffset) : long.MaxValue);

    private void Fail(StorageException error)
    {
        if (!_isClosed && Interlocked.CompareExchange(ref _failure, error, null) is null)
        {
            _settings.Failed?.Invoke(this, error);
        }
    }

    private void ThrowIfOffline()
    {
        if (Failure is { } failure)
        {
            throw new StorageException(failure.Kind, failure.Path, failure);
        }
    }

    /// <summary>Runs a change of the log; a failing disk takes it offline.</summary>
    private T Guard<T>(Func<T> change)
    {
        ThrowIfOffline();
        try
        {
            return change();
        }
        catch (StorageException error)
        {
            Fail(error);
            throw;
        }
    }
}
