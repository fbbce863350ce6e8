using KRaftSharp.Log.Assertions;
using KRaftSharp.Log.Producers;
using KRaftSharp.Log.Segments;

namespace KRaftSharp.Log;

/// <content>Transactions: what is open, and what read_committed consumers have to leave out.</content>
public sealed partial class PartitionLog
{
    /// <summary>A produce request is about to be checked with the transaction coordinator.</summary>
    /// <returns>
    /// What the append has to bring; 0 when the transaction is open here and nothing has to be checked.
    /// </returns>
    /// <remarks>On the owner's strand.</remarks>
    public long StartVerification(long producerId, short epoch, int firstSequence, bool bumpsEpoch) =>
        _producers.HasOpenTransaction(producerId, epoch)
            ? 0
            : _producers.Verifications.Start(producerId, epoch, firstSequence, bumpsEpoch, NowMs());

    /// <summary>Whether a producer's transaction is open here. On the owner's strand.</summary>
    public bool HasOpenTransaction(long producerId, short epoch) => _producers.HasOpenTransaction(producerId, epoch);

    /// <summary>
    /// The aborted transactions that may have records in what was read from <paramref name="startOffset"/> on. Any
    /// thread.
    /// </summary>
    /// <remarks>As Kafka's: all that begin before the offset index's next entry after the read, so there may be more
    /// than are needed, never fewer.</remarks>
    public IReadOnlyList<AbortedTransaction> AbortedTransactions(long startOffset, in LogReadResult read)
    {
        IReadOnlyList<AbortedTransaction> found = FindAborted(startOffset, read);
        return found.Count > 0 && _settings.Planted.HasFlag(PlantedFaults.AbortedIndexMissesAnEntry)
            ? [.. found.Take(found.Count - 1)]
            : found;
    }

    private IReadOnlyList<AbortedTransaction> FindAborted(long startOffset, in LogReadResult read)
    {
        LogSegment[] segments = Volatile.Read(ref _segments);
        int at = SegmentList.FindFloor(segments, Math.Max(startOffset, read.SegmentBaseOffset));
        List<AbortedTransaction>? found = null;
        long? upper = null;
        for (int i = Math.Max(0, at); i < segments.Length; i++)
        {
            foreach (AbortedTransaction aborted in segments[i].Aborted.Entries)
            {
                upper ??= UpperBoundOf(segments, read);
                if (aborted.LastOffset >= startOffset && aborted.FirstOffset < upper)
                {
                    (found ??= []).Add(aborted);
                }

                if (aborted.LastStableOffset >= upper)
                {
                    return found ?? [];
                }
            }
        }

        return found ?? [];
    }

    private long UpperBoundOf(LogSegment[] segments, in LogReadResult read)
    {
        int at = SegmentList.FindFloor(segments, read.SegmentBaseOffset);
        if (at < 0 || segments[at].BaseOffset != read.SegmentBaseOffset || !segments[at].TryAcquire())
        {
            return LogEndOffset;
        }

        using LogSegment segment = segments[at];
        return segment.Offsets.OffsetFrom(read.Position + read.Records.Length)
            ?? (at + 1 < segments.Length ? segments[at + 1].BaseOffset : LogEndOffset);
    }
}
