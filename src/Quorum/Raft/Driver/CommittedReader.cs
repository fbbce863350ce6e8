using KRaftSharp.Log;
using KRaftSharp.Log.Assertions;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Quorum.Raft.Driver;

/// <summary>
/// Committed batches for the listeners: on a leader the very objects that were appended, else decoded from the log.
/// </summary>
internal sealed class CommittedReader(MetadataLog log)
{
    private const int ChunkBytes = 1024 * 1024;
    private const long MostRecentBytes = 16 * 1024 * 1024;

    private readonly Queue<CommittedBatch> _recent = new();
    private long _recentBytes;
    private IReadOnlyList<CommittedBatch> _lastChunk = [];

    /// <summary>Keeps what the leader appends, so that it need not be read again.</summary>
    public void Remember(CommittedBatch batch)
    {
        _recent.Enqueue(batch);
        _recentBytes += batch.SizeBytes;
        while (_recentBytes > MostRecentBytes)
        {
            _recentBytes -= _recent.Dequeue().SizeBytes;
        }
    }

    /// <summary>What was kept may not stay in the log.</summary>
    public void Forget()
    {
        _recent.Clear();
        _recentBytes = 0;
    }

    /// <summary>Drops what all listeners have.</summary>
    public void Trim(long belowOffset)
    {
        while (_recent.TryPeek(out CommittedBatch? batch) && batch.LastOffset < belowOffset)
        {
            _recentBytes -= _recent.Dequeue().SizeBytes;
        }
    }

    /// <summary>Batches from an offset on, below the high watermark; at least one, about a megabyte at most.</summary>
    public IReadOnlyList<CommittedBatch> Read(long offset, long highWatermark)
    {
        if (_recent.TryPeek(out CommittedBatch? oldest) && oldest.BaseOffset <= offset)
        {
            List<CommittedBatch> kept = [.. _recent
                .Where(batch => batch.BaseOffset >= offset && batch.LastOffset < highWatermark)];
            if (kept.Count > 0)
            {
                return kept;
            }
        }

        if (_lastChunk is [var first, ..] && first.BaseOffset == offset && _lastChunk[^1].LastOffset < highWatermark)
        {
            return _lastChunk;
        }

        return _lastChunk = Decode(offset, highWatermark);
    }

    private List<CommittedBatch> Decode(long offset, long highWatermark)
    {
        using LogReadResult read = log.Read(offset, ChunkBytes, highWatermark);
        List<CommittedBatch> batches = [];
        RecordBatchEnumerator walk = new(read.Records.Span);
        while (walk.MoveNext())
        {
            if (walk.Current.LastOffset >= highWatermark)
            {
                break;
            }

            if (walk.Current.LastOffset >= offset)
            {
                batches.Add(MetadataBatches.Decode(walk.Current));
            }
        }

        Invariant.Require(
            batches.Count > 0 && batches[0].BaseOffset == offset,
            "the metadata log holds what is committed", offset, highWatermark);
        return batches;
    }
}
