using KRaftSharp.Broker.Replication;
using KRaftSharp.History;
using KRaftSharp.Log;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>
/// What is there in the end: each partition read from its leader's log, as it is, and as the markers in it say that it
/// was committed. Owes nothing to the broker's own index of aborted transactions.
/// </summary>
internal static class FinalReadings
{
    public static void Add(OperationHistory history, IEnumerable<ClusterMachine> machines)
    {
        foreach (Partition partition in machines.SelectMany(machine => machine.Partitions)
            .Where(partition => partition.View.IsLeader && !InternalTopic.Is(partition.TopicPartition.Topic)))
        {
            var id = new PartitionId(partition.TopicPartition.Topic, partition.TopicPartition.Partition);
            Read(history, id, partition.Log);
        }
    }

    private static void Read(OperationHistory history, PartitionId id, PartitionLog log)
    {
        Reading all = history.Read("the log", id, Isolation.ReadUncommitted, log.LogStartOffset, isFinal: true);
        Reading committed = history.Read("the log", id, Isolation.ReadCommitted, log.LogStartOffset, isFinal: true);
        var open = new Dictionary<long, List<(long Offset, string Value)>>();
        var visible = new SortedDictionary<long, string>();
        LogBatches.Visit(log, log.LogStartOffset, log.LogEndOffset, batch =>
        {
            List<(long Offset, string Value)> records = RecordTexts.Of(batch);
            records.ForEach(record => all.Take(record.Offset, record.Value));
            if (RecordTexts.MarkerOf(batch) is { } marker)
            {
                if (open.Remove(batch.ProducerId, out var ended) && marker == ControlRecordType.Commit)
                {
                    ended.ForEach(record => visible.Add(record.Offset, record.Value));
                }
            }
            else if (!batch.IsTransactional)
            {
                records.ForEach(record => visible.Add(record.Offset, record.Value));
            }
            else if (!open.TryAdd(batch.ProducerId, records))
            {
                open[batch.ProducerId].AddRange(records);
            }
        });
        foreach ((long offset, string value) in visible)
        {
            committed.Take(offset, value);
        }

        all.Pass(log.LogEndOffset);
        committed.Pass(log.LogEndOffset);
    }
}
