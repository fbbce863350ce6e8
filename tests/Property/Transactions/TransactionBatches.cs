using System.Buffers.Binary;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Transactions;

/// <summary>Batches whose records carry a number.</summary>
internal static class TransactionBatches
{
    public static byte[] Data(
        int number, int count, long producerId = -1, short epoch = -1, int sequence = -1, bool isTransactional = true,
        long timestampMs = 1000)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = isTransactional && producerId >= 0,
        });
        byte[] value = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(value, number);
        for (int i = 0; i < count; i++)
        {
            builder.Append(timestampMs, null, value);
        }

        return builder.Build().ToArray();
    }

    public static byte[] Marker(long producerId, short epoch, bool isCommit, int coordinatorEpoch)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            IsTransactional = true,
            IsControl = true,
        });
        ControlRecords.AppendEndTxnMarker(builder, 1000, isCommit, coordinatorEpoch);
        return builder.Build().ToArray();
    }
}
