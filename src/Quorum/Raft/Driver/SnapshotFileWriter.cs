using KRaftSharp.Log;
using KRaftSharp.Log.Scheduling;
using KRaftSharp.Log.Storage;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Writes a snapshot file: header, records, footer (KIP-630).</summary>
internal sealed class SnapshotFileWriter : ISnapshotWriter
{
    private const int BatchBytes = 256 * 1024;

    private readonly IStorageFile _file;
    private readonly TimeProvider _time;
    private readonly Action<SnapshotFileWriter> _frozen;
    private readonly Action<SnapshotFileWriter> _discarded;
    private readonly List<VersionedRecord> _pending = [];
    private readonly int _maxBatchBytes;
    private long _nextOffset;
    private bool _isDone;

    /// <param name="voters">What the log said of them before the snapshot's end.</param>
    /// <param name="frozen">Takes over the file, complete but neither durable nor closed.</param>
    /// <param name="discarded">Takes over a file that is to be forgotten.</param>
    public SnapshotFileWriter(
        LogPoint id,
        IStorageFile file,
        long lastContainedTimestampMs,
        int maxBatchBytes,
        TimeProvider time,
        (VoterSet? Voters, short KRaftVersion) voters,
        Action<SnapshotFileWriter> frozen,
        Action<SnapshotFileWriter> discarded)
    {
        SnapshotId = id;
        _file = file;
        _time = time;
        _frozen = frozen;
        _discarded = discarded;
        _maxBatchBytes = maxBatchBytes;
        Write(
            MetadataBatches.SnapshotHeader(
                NextPoint(), time.WallClockMs(), lastContainedTimestampMs, voters.Voters, voters.KRaftVersion),
            1 + (voters.KRaftVersion > 0 ? 1 : 0) + (voters.Voters is null ? 0 : 1));
    }

    public LogPoint SnapshotId { get; }

    public long SizeBytes { get; private set; }

    public IStorageFile File => _file;

    public void Append(IReadOnlyList<VersionedRecord> records)
    {
        ObjectDisposedException.ThrowIf(_isDone, this);
        _pending.AddRange(records);
        WritePending(isLast: false);
    }

    public void Freeze()
    {
        ObjectDisposedException.ThrowIf(_isDone, this);
        WritePending(isLast: true);
        Write(MetadataBatches.SnapshotFooter(NextPoint(), _time.WallClockMs()), 1);
        _isDone = true;
        _frozen(this);
    }

    public void Dispose()
    {
        if (!_isDone)
        {
            _isDone = true;
            _discarded(this);
        }
    }

    private void WritePending(bool isLast)
    {
        int first = 0;
        while (first < _pending.Count)
        {
            int count = MetadataBatches.CountThatFit(_pending, first, BatchBytes);
            if (count == _pending.Count - first && !isLast)
            {
                break; // the batch is not full yet
            }

            if (count == 0)
            {
                count = MetadataBatches.CountThatFit(_pending, first, _maxBatchBytes) > 0 ? 1 : throw
                    new RecordBatchTooLargeException($"a record does not fit into {_maxBatchBytes} bytes");
            }

            Write(MetadataBatches.Encode(NextPoint(), _time.WallClockMs(), _pending, first, count), count);
            first += count;
        }

        _pending.RemoveRange(0, first);
    }

    private LogPoint NextPoint() => new(SnapshotId.Epoch, _nextOffset);

    private void Write(byte[] batch, int records)
    {
        _file.Write(batch, SizeBytes);
        SizeBytes += batch.Length;
        _nextOffset += records;
    }
}
