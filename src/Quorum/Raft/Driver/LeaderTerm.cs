using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using KRaftSharp.Log;
using KRaftSharp.Protocol;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>Where a leader's appends get their offsets, in one epoch, before the driver writes them.</summary>
/// <remarks>The controller appends decisions, the driver changes of the voters: the lock, held for an encoding, keeps
/// offsets and queue in the same order. After the term has ended what is still queued is dropped: it was never written,
/// and its records were never committed.</remarks>
internal sealed class LeaderTerm(int epoch, long firstOffset, RaftSettings settings)
{
    /// <summary>Records that need not be one batch are cut into such of about this size.</summary>
    private const int UsualBatchBytes = 1024 * 1024;

    private readonly ConcurrentQueue<PendingBatch> _queue = new();
    private readonly Lock _lock = new();
    private long _nextOffset = firstOffset;

    public int Epoch => epoch;

    /// <summary>Encodes and queues the records; returns the last one's offset.</summary>
    public long Append(IReadOnlyList<VersionedRecord> records, bool atomic, long timestampMs)
    {
        lock (_lock)
        {
            return AppendLocked(records, atomic, timestampMs);
        }
    }

    /// <summary>Queues a change of the voters behind everything else.</summary>
    public void AppendVoters(VoterSet voters, short? kraftVersion, long timestampMs)
    {
        lock (_lock)
        {
            LogPoint at = new(epoch, _nextOffset);
            byte[] bytes = MetadataBatches.Voters(at, timestampMs, voters, kraftVersion);
            _nextOffset += kraftVersion is null ? 1 : 2;
            _queue.Enqueue(new PendingBatch(bytes, new CommittedBatch(
                at.EndOffset, _nextOffset - 1, epoch, timestampMs, [], bytes.Length)));
        }
    }

    public bool TryTake([NotNullWhen(true)] out PendingBatch? batch) => _queue.TryDequeue(out batch);

    private long AppendLocked(IReadOnlyList<VersionedRecord> records, bool atomic, long timestampMs)
    {
        int first = 0;
        List<PendingBatch> batches = [];
        long offset = _nextOffset;
        while (first < records.Count)
        {
            int limit = atomic ? settings.MaxBatchBytes : Math.Min(UsualBatchBytes, settings.MaxBatchBytes);
            int count = MetadataBatches.CountThatFit(records, first, limit);
            if (count == 0 && !atomic)
            {
                count = MetadataBatches.CountThatFit(records, first, settings.MaxBatchBytes) > 0 ? 1 : 0;
            }

            if (count == 0 || (atomic && count < records.Count))
            {
                throw new RecordBatchTooLargeException(
                    $"{records.Count} records do not fit into a batch of {settings.MaxBatchBytes} bytes");
            }

            batches.Add(MakeBatch(records, first, count, offset, timestampMs));
            first += count;
            offset += count;
        }

        _nextOffset = offset;
        foreach (PendingBatch batch in batches)
        {
            _queue.Enqueue(batch);
        }

        return offset - 1;
    }

    private PendingBatch MakeBatch(
        IReadOnlyList<VersionedRecord> records, int first, int count, long offset, long timestampMs)
    {
        byte[] bytes = MetadataBatches.Encode(new LogPoint(epoch, offset), timestampMs, records, first, count);
        var decoded = new IMetadataRecord[count];
        for (int i = 0; i < count; i++)
        {
            decoded[i] = records[first + i].Record;
        }

        return new PendingBatch(
            bytes, new CommittedBatch(offset, offset + count - 1, epoch, timestampMs, decoded, bytes.Length));
    }
}
