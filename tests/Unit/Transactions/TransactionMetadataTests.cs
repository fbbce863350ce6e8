using KRaftSharp.Broker.Transactions;
using KRaftSharp.Log;
using KRaftSharp.Protocol;
using KRaftSharp.Protocol.Messages;

namespace KRaftSharp.Tests.Unit.Transactions;

public sealed class TransactionMetadataTests
{
    private static readonly TransactionMetadata Prepared = new()
    {
        TransactionalId = "x",
        ProducerId = 7,
        PreviousProducerId = 6,
        NextProducerId = 8,
        ProducerEpoch = short.MaxValue,
        TimeoutMs = 1000,
        Status = TransactionStatus.PrepareCommit,
        Partitions = [new TopicPartition("a", 1), new TopicPartition("a", 2), new TopicPartition("b", 0)],
        StartTimestampMs = 5,
        LastUpdateTimestampMs = 6,
        ClientVersion = TransactionRules.EpochBumpVersion,
    };

    [Fact]
    public void Record_OfTransactionVersion1_KeepsEverything() => Assert.Equal(Prepared, Reread(1));

    /// <summary>After a downgrade to transaction.version 0 the records have no place for what came with 2; a
    /// transaction that was decided before ends all the same, in the epoch that its markers bear.</summary>
    [Fact]
    public void Record_OfTransactionVersion0_KeepsWhatEndsTheTransaction()
    {
        TransactionMetadata read = Reread(0);
        Assert.Equal(
            Prepared with { PreviousProducerId = -1, NextProducerId = -1, ClientVersion = 0 }, read);
        TransactionMetadata complete = TransactionRules.Complete(read, 9);
        Assert.Equal((TransactionStatus.CompleteCommit, 7L, true),
            (complete.Status, complete.ProducerId, complete.IsEpochExhausted));
    }

    private static TransactionMetadata Reread(short version)
    {
        byte[] bytes = CoordinatorRecordCodec.EncodeValue(Prepared.ToValue(version), version);
        Assert.True(CoordinatorRecordCodec.TryDecodeValue(
            CoordinatorKind.Transaction, ((ICoordinatorRecord)new TransactionLogKey()).RecordKey, bytes,
            out ICoordinatorRecord? value, out short read, out _));
        Assert.Equal(version, read);
        return TransactionMetadata.Of("x", (TransactionLogValue)value!);
    }
}
