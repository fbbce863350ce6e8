using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Records;
using KRaftSharp.Tests.Property.Simulation.Cluster;

namespace KRaftSharp.Tests.Property.Simulation.Coordinators;

/// <summary>The records in a batch of one of the coordinators' topics.</summary>
internal static class CoordinatorRecords
{
    public static void Visit(
        RecordBatchView batch, string topic, Action<long, ICoordinatorRecord, ICoordinatorRecord?> visitor)
    {
        if (batch.IsControl)
        {
            return;
        }

        CoordinatorKind kind =
            topic == InternalTopic.Transactions ? CoordinatorKind.Transaction : CoordinatorKind.Group;
        using var reader = new RecordReader(batch);
        while (reader.MoveNext())
        {
            RecordView record = reader.Current;
            if (!CoordinatorRecordCodec.TryDecodeKey(kind, record.Key.ToArray(), out ICoordinatorRecord? key, out _))
            {
                continue;
            }

            ICoordinatorRecord? value = null;
            if (record.HasValue)
            {
                CoordinatorRecordCodec.TryDecodeValue(
                    kind, key!.RecordKey, record.Value.ToArray(), out value, out _, out _);
            }

            visitor(record.Offset, key!, value);
        }
    }
}
