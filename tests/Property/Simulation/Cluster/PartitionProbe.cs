using KRaftSharp.Broker.Replication;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Checkers;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// Looks at every replica of a node after each of its events: offsets and epochs when they changed, and each batch once
/// it is below the high watermark.
/// </summary>
internal sealed class PartitionProbe(PartitionChecker offsets, CommittedLogChecker logs)
{
    private readonly Dictionary<(int NodeId, string Partition), Seen> _seen = [];

    public void Look(ClusterMachine machine, IEnumerable<Partition> partitions)
    {
        foreach (Partition partition in partitions)
        {
            PartitionLog log = partition.Log;
            var now = new Seen(machine.Life, partition.View, log.LogStartOffset, log.HighWatermark, log.LogEndOffset, 0);
            string name = NameOf(partition);
            _seen.TryGetValue((machine.Id, name), out Seen? before);
            if (before is not null && (now with { CheckedTo = before.CheckedTo }) == before)
            {
                continue;
            }

            bool isKnown = before is not null && before.Life == machine.Life;
            long from = Math.Max(isKnown ? before!.CheckedTo : 0, now.LogStart);
            if (now.HighWatermark > from)
            {
                logs.Check(name, machine.Id, BatchesOf(log, from, now.HighWatermark));
            }

            _seen[(machine.Id, name)] = now with { CheckedTo = Math.Max(from, now.HighWatermark) };
            offsets.Check(new PartitionView(
                machine.Id, machine.Life, name, now.View.IsLeader, now.View.LeaderEpoch, now.LogStart,
                now.HighWatermark, now.LogEnd));
        }
    }

    public static string NameOf(Partition partition) => $"{partition.TopicId}-{partition.TopicPartition.Partition}";

    /// <summary>The batches from one offset to before another.</summary>
    public static List<CommittedBatch> BatchesOf(PartitionLog log, long from, long upTo)
    {
        var found = new List<CommittedBatch>();
        while (from < upTo)
        {
            long next = from;
            using (LogReadResult read = log.Read(from, 1 << 16, upTo, minOneBatch: true))
            {
                var batches = new RecordBatchEnumerator(read.Records.Span);
                while (batches.MoveNext())
                {
                    RecordBatchView batch = batches.Current;
                    next = batch.NextOffset;
                    found.Add(new CommittedBatch(
                        batch.BaseOffset, batch.LastOffset, batch.PartitionLeaderEpoch, batch.Crc));
                }
            }

            if (next == from)
            {
                break;
            }

            from = next;
        }

        return found;
    }

    private sealed record Seen(
        int Life,
        ReplicaView View,
        long LogStart,
        long HighWatermark,
        long LogEnd,
        long CheckedTo);
}
