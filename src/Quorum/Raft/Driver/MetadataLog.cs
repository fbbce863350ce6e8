using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Storage;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>The metadata log on disk: an ordinary log, and the snapshots that stand for its beginning.</summary>
internal sealed class MetadataLog : IRaftLogView
{
    public const string TopicName = "__cluster_metadata";
    public const string DirectoryName = TopicName + "-0";

    private const int VoterScanBytes = 1024 * 1024;

    private readonly PartitionLog _log;
    private readonly RaftSettings _settings;
    private volatile VoterHistory _voters;

    private MetadataLog(RaftSettings settings, PartitionLog log, SnapshotStore snapshots)
    {
        _settings = settings;
        _log = log;
        Snapshots = snapshots;
        _voters = new VoterHistory(settings.Voters);
    }

    public SnapshotStore Snapshots { get; }

    /// <summary>Where the log, its snapshots and quorum-state lie.</summary>
    public string Directory => _log.Directory;

    public long StartOffset => _log.LogStartOffset;

    public long EndOffset => _log.LogEndOffset;

    public int LastEpoch => _log.LatestEpoch is >= 0 and var epoch ? epoch : Snapshots.Latest?.Epoch ?? 0;

    /// <summary>Read by any thread.</summary>
    public VoterHistory Voters => _voters;

    public LogPoint? EarliestSnapshot => Snapshots.Earliest;

    public LogPoint? LatestSnapshot => Snapshots.Latest;

    /// <summary>Opens and recovers the log; it is durable up to its end when this returns.</summary>
    public static async ValueTask<MetadataLog> OpenAsync(
        RaftSettings settings, IStorage storage, string parentDirectory, TimeProvider time)
    {
        string directory = parentDirectory + "/" + DirectoryName;
        storage.CreateDirectory(directory);
        SnapshotStore snapshots = new(storage, directory);
        PartitionLog log = PartitionLog.Open(new PartitionLogSettings
        {
            Storage = storage,
            Directory = directory,
            TopicPartition = new TopicPartition(TopicName, 0),
            TopicId = Uuid.MetadataTopicId,
            Time = time,
            Options = new LogOptions
            {
                SegmentBytes = settings.SegmentBytes,
                SegmentMs = settings.SegmentMs,
                RetentionMs = -1,
                MaxMessageBytes = int.MaxValue,
            },
        });
        MetadataLog opened = new(settings, log, snapshots);
        opened.Reconcile();
        opened.LoadVoters();
        await log.FlushAsync();
        return opened;
    }

    public LogPoint EndOffsetForEpoch(int epoch)
    {
        LogPoint end = _log.EndOffsetForEpoch(epoch);
        if (end.Epoch < 0 || end.EndOffset < 0)
        {
            return new LogPoint(LastEpoch, EndOffset);
        }

        // An epoch before all that the log has: the earliest snapshot knows which epoch its end belongs to.
        return Snapshots.Earliest is { } earliest && end.EndOffset == earliest.EndOffset ? earliest : end;
    }

    /// <summary>
    /// Writes batches exactly as they are, if they continue the log without a gap in epochs up to
    /// <paramref name="epoch"/>. A cut batch at the end is left out.
    /// </summary>
    /// <returns>False when they do not, or are damaged: nothing was written.</returns>
    public bool TryAppend(ReadOnlyMemory<byte> batches, int epoch)
    {
        if (!Continues(batches.Span, epoch))
        {
            return false;
        }

        LogAppendResult result = _log.AppendAsFollower(batches);
        if (result.Error == ErrorCode.KafkaStorageError)
        {
            throw _log.Failure ?? new StorageException("the metadata log failed");
        }

        if (result.IsSuccess)
        {
            ReplayVoters(batches.Span);
        }

        return result.IsSuccess;
    }

    public LogReadResult Read(long startOffset, int maxBytes, long upperBoundOffset)
    {
        LogReadResult result = _log.Read(startOffset, maxBytes, upperBoundOffset, minOneBatch: true);
        return result.Error == ErrorCode.KafkaStorageError
            ? throw _log.Failure ?? new StorageException("the metadata log failed")
            : result;
    }

    public ValueTask FlushAsync() => _log.FlushAsync();

    public void TruncateTo(long endOffset)
    {
        _log.TruncateTo(endOffset);
        _voters = _voters.TruncateTo(endOffset);
    }

    /// <summary>For readers of the log's files; the quorum itself keeps count elsewhere.</summary>
    public void NoteHighWatermark(long highWatermark) => _log.SetHighWatermark(highWatermark);

    /// <summary>Takes a published snapshot that reaches beyond the log for its new beginning.</summary>
    public void StartAt(LogPoint snapshot)
    {
        Snapshots.Add(snapshot);
        _log.TruncateFullyAndStartAt(snapshot.EndOffset, snapshot.EndOffset);
        Snapshots.DeleteBefore(snapshot.EndOffset);
        LoadVoters();
    }

    /// <summary>
    /// Drops the oldest snapshots and the log before the next one, by size and age; the latest always stays.
    /// </summary>
    /// <param name="ageOf">Milliseconds since what a snapshot contains was written.</param>
    public void Clean(Func<LogPoint, long> ageOf)
    {
        if (_settings.RetentionBytes >= 0 && _log.SizeBytes > _settings.RetentionBytes / 4)
        {
            _log.Roll(); // only whole segments can go
        }

        while (Snapshots.Ids is [var oldest, var next, ..])
        {
            long size = _log.SizeBytes + Snapshots.Ids.Sum(Snapshots.SizeOf);
            bool isTooMuch = _settings.RetentionBytes >= 0 && size > _settings.RetentionBytes;
            bool isTooOld = _settings.RetentionMs >= 0 && ageOf(oldest) > _settings.RetentionMs;
            if (!isTooMuch && !isTooOld)
            {
                break;
            }

            DropBefore(next.EndOffset);
        }

        // Older than the only snapshot, and everything in it.
        if (Snapshots.Latest is { } latest && latest.EndOffset > StartOffset && _settings.RetentionBytes >= 0
            && _log.SizeBytes > _settings.RetentionBytes)
        {
            DropBefore(latest.EndOffset);
        }
    }

    public ValueTask CloseAsync() => _log.CloseAsync();

    public void Abandon() => _log.Dispose();

    private bool Continues(ReadOnlySpan<byte> batches, int epoch)
    {
        RecordBatchEnumerator walk = new(batches);
        long next = EndOffset;
        int last = LastEpoch;
        while (walk.MoveNext())
        {
            RecordBatchView batch = walk.Current;
            if (batch.BaseOffset != next || batch.LastOffsetDelta < 0 || batch.PartitionLeaderEpoch < last
                || batch.PartitionLeaderEpoch > epoch)
            {
                return false;
            }

            next = batch.NextOffset;
            last = batch.PartitionLeaderEpoch;
        }

        return walk.Fault == RecordFault.None && next > EndOffset;
    }

    private void DropBefore(long endOffset)
    {
        _log.AdvanceLogStartOffset(endOffset);
        _log.DeleteSegmentsBelowLogStart();
        Snapshots.DeleteBefore(endOffset);
        _voters = _voters.ForgetBefore(endOffset);
    }

    /// <summary>Reads the voters anew: from the latest snapshot, then from the log behind it.</summary>
    private void LoadVoters()
    {
        VoterHistory history = _voters.Clear();
        long next = StartOffset;
        if (Snapshots.Latest is { } latest)
        {
            using SnapshotFileReader reader = new(latest, Snapshots.Open(latest));
            history = reader.ReplayVoters(history, latest.EndOffset - 1, _settings.ControllerListenerName);
            next = Math.Max(next, latest.EndOffset);
        }

        _voters = history;
        while (next < EndOffset)
        {
            using LogReadResult read = Read(next, VoterScanBytes, EndOffset);
            next = ReplayVoters(read.Records.Span);
        }
    }

    /// <returns>The offset after the batches.</returns>
    private long ReplayVoters(ReadOnlySpan<byte> batches)
    {
        VoterHistory history = _voters;
        long next = EndOffset;
        RecordBatchEnumerator walk = new(batches);
        while (walk.MoveNext())
        {
            next = walk.Current.NextOffset;
            VoterSet before = history.Current;
            bool wasInLog = history.Offset >= 0 && history.KRaftVersion > 0;
            history = VoterRecords.Replay(history, walk.Current, null, _settings.ControllerListenerName);
            Invariant.Require(
                !wasInLog || before.MajoritiesOverlap(history.Current),
                "voters change one at a time", before, history.Current);
        }

        _voters = history;
        return next;
    }

    // A crash may have come between a snapshot and the change of the log that belongs to it.
    private void Reconcile()
    {
        if (Snapshots.Latest is { } latest
            && (latest.Epoch > _log.LatestEpoch
                || (latest.Epoch == _log.LatestEpoch && latest.EndOffset > EndOffset))
            && latest.EndOffset > 0)
        {
            StartAt(latest);
        }

        Invariant.Require(
            StartOffset == 0 || Snapshots.Ids.Any(id => id.EndOffset >= StartOffset),
            "a snapshot covers what the metadata log no longer has", StartOffset, Snapshots.Latest);
        if (StartOffset > 0)
        {
            Snapshots.DeleteBefore(StartOffset);
        }
    }
}
