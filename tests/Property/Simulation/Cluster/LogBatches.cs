using KRaftSharp.Log;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

internal static class LogBatches
{
    private const int ChunkBytes = 1 << 16;

    public delegate void Visitor(RecordBatchView batch);

    /// <summary>Shows the batches of a log from one offset to before another.</summary>
    public static void Visit(PartitionLog log, long from, long upTo, Visitor visitor)
    {
        while (from < upTo)
        {
            long next = from;
            using (LogReadResult read = log.Read(from, ChunkBytes, upTo, minOneBatch: true))
            {
                var batches = new RecordBatchEnumerator(read.Records.Span);
                while (batches.MoveNext())
                {
                    RecordBatchView batch = batches.Current;
                    next = batch.NextOffset;
                    visitor(batch);
                }
            }

            if (next == from)
            {
                return;
            }

            from = next;
        }
    }
}
