using System.Buffers.Binary;
using KRaftSharp.Log;
using KRaftSharp.Log.Producers;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>Reads a log as a read_committed consumer does, from any offset, in pieces of any size.</summary>
internal static class CommittedReader
{
    /// <summary>The numbers in the records that such a consumer sees.</summary>
    public static List<(long Offset, int Number)> Read(PartitionLog log, long start, int maxBytes, PlantedFault fault)
    {
        List<(long Offset, int Number)> seen = [];
        long end = fault == PlantedFault.StablePastAnOpenTransaction ? log.HighWatermark : log.LastStableOffset;
        for (long at = start; at < end;)
        {
            using LogReadResult read = log.Read(at, maxBytes, end, minOneBatch: true);
            List<AbortedTransaction> aborted =
                [.. log.AbortedTransactions(at, read).OrderBy(static entry => entry.FirstOffset)];
            if (fault == PlantedFault.AbortedIndexMissesAnEntry && aborted.Count > 0)
            {
                aborted.RemoveAt(aborted.Count - 1);
            }

            long before = at;
            at = Filter(read.Records.Span, at, aborted, seen);
            Assert.True(at > before, "a read makes no progress");
        }

        return seen;
    }

    private static long Filter(
        ReadOnlySpan<byte> records, long at, List<AbortedTransaction> aborted,
        List<(long Offset, int Number)> seen)
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
                    seen.Add((reader.Current.Offset, BinaryPrimitives.ReadInt32BigEndian(reader.Current.Value)));
                }
            }

            at = batch.NextOffset;
        }

        return at;
    }
}
