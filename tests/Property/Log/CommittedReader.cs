using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>Reads a log, also one with gaps, as a read_committed consumer does: from any offset, in pieces of any size.
/// </summary>
internal static class CommittedReader
{
    /// <summary>What is kept of a record, whose bytes last for the call.</summary>
    public delegate T Selector<T>(RecordView record);

    /// <summary>What such a consumer sees up to the last stable offset, tombstones too.</summary>
    public static List<T> Read<T>(PartitionLog log, long start, int maxBytes, Selector<T> select) =>
        Read(log, start, maxBytes, select, log.LastStableOffset, static aborted => aborted);

    /// <param name="end">What is taken for the last stable offset.</param>
    /// <param name="indexed">What is taken for the aborted transactions of a piece.</param>
    public static List<T> Read<T>(
        PartitionLog log, long start, int maxBytes, Selector<T> select, long end,
        Func<IReadOnlyList<AbortedTransaction>, IReadOnlyList<AbortedTransaction>> indexed)
    {
        List<T> seen = [];
        for (long at = start; at < end;)
        {
            using LogReadResult read = log.Read(at, maxBytes, end, minOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            if (read.Records.IsEmpty)
            {
                // Nothing is left from here on.
                break;
            }

            IReadOnlyList<AbortedTransaction> aborted = indexed(
                [.. log.AbortedTransactions(at, read).OrderBy(static entry => entry.FirstOffset)]);
            long before = at;
            at = Filter(read.Records.Span, at, aborted, select, seen);
            Assert.True(at > before, "a read makes no progress");
        }

        return seen;
    }

    private static long Filter<T>(
        ReadOnlySpan<byte> records, long at, IReadOnlyList<AbortedTransaction> aborted, Selector<T> select,
        List<T> seen)
    {
        HashSet<long> abortedProducers = [];
        int next = 0;
        var batches = new RecordBatchEnumerator(records);
        while (batches.MoveNext())
        {
            RecordBatchView batch = batches.Current;
            while (next < aborted.Count && aborted[next].FirstOffset <= batch.LastOffset)
            {
                abortedProducers.Add(aborted[next++].ProducerId);
            }

            using var reader = new RecordReader(batch);
            while (reader.MoveNext())
            {
                if (batch.IsControl)
                {
                    if (ControlRecords.TryReadKey(reader.Current.Key, out ControlRecordType type)
                        && type == ControlRecordType.Abort)
                    {
                        abortedProducers.Remove(batch.ProducerId);
                    }
                }
                else if (reader.Current.Offset >= at
                    && !(batch.IsTransactional && abortedProducers.Contains(batch.ProducerId)))
                {
                    seen.Add(select(reader.Current));
                }
            }

            at = batch.NextOffset;
        }

        return at;
    }
}
