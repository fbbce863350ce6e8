using System.Text;
using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log.Compaction;

/// <summary>Reads a log with gaps as a read_committed consumer does.</summary>
internal static class CompactedReader
{
    /// <summary>The records from an offset up to the last stable one, tombstones too.</summary>
    public static List<(long Offset, string Key, string? Value)> Read(PartitionLog log, long start, int maxBytes)
    {
        List<(long Offset, string Key, string? Value)> seen = [];
        long end = log.LastStableOffset;
        for (long at = start; at < end;)
        {
            using LogReadResult read = log.Read(at, maxBytes, end, minOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            if (read.Records.IsEmpty)
            {
                // Nothing is left from here on.
                break;
            }

            List<AbortedTransaction> aborted =
                [.. log.AbortedTransactions(at, read).OrderBy(static entry => entry.FirstOffset)];
            long before = at;
            at = Filter(read.Records.Span, at, aborted, seen);
            Assert.True(at > before, "a read makes no progress");
        }

        return seen;
    }

    /// <summary>All batches from an offset on, byte by byte.</summary>
    public static List<(long BaseOffset, byte[] Bytes)> Batches(PartitionLog log, long start)
    {
        List<(long BaseOffset, byte[] Bytes)> found = [];
        for (long at = start; at < log.LogEndOffset;)
        {
            using LogReadResult read = log.Read(at, 1_000_000, long.MaxValue, minOneBatch: true);
            var batches = new RecordBatchEnumerator(read.Records.Span);
            long before = at;
            while (batches.MoveNext())
            {
                Assert.True(batches.Current.IsCrcValid());
                Assert.True(batches.Current.LastOffset >= at);
                found.Add((batches.Current.BaseOffset, batches.Current.Bytes.ToArray()));
                at = batches.Current.NextOffset;
            }

            if (at == before)
            {
                break;
            }
        }

        return found;
    }

    private static long Filter(
        ReadOnlySpan<byte> records, long at, List<AbortedTransaction> aborted,
        List<(long Offset, string Key, string? Value)> seen)
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
                    seen.Add((reader.Current.Offset, Encoding.UTF8.GetString(reader.Current.Key),
                        reader.Current.HasValue ? Encoding.UTF8.GetString(reader.Current.Value) : null));
                }
            }

            at = batch.NextOffset;
        }

        return at;
    }
}
