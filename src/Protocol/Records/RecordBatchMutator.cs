using System.Buffers.Binary;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Protocol.Records;

/// <summary>Changes header fields of a batch of format 2 where it lies.</summary>
/// <remarks>Every span starts at the batch's base offset and holds at least the whole batch. Base offset and leader
/// epoch lie outside the checksum; every other setter computes it anew.</remarks>
public static class RecordBatchMutator
{
    public static void SetBaseOffset(Span<byte> batch, long baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);

    /// <summary>Sets the base offset so that the last offset becomes <paramref name="lastOffset"/>.</summary>
    public static void SetLastOffset(Span<byte> batch, long lastOffset) =>
        SetBaseOffset(batch, lastOffset - BinaryPrimitives.ReadInt32BigEndian(batch[LastOffsetDeltaAt..]));

    public static void SetPartitionLeaderEpoch(Span<byte> batch, int epoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[PartitionLeaderEpochAt..], epoch);

    /// <summary>Sets max timestamp and timestamp type; does nothing when both are so already.</summary>
    public static void SetMaxTimestamp(Span<byte> batch, TimestampType type, long maxTimestampMs)
    {
        short attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesAt..]);
        bool isAppendTime = (attributes & TimestampTypeFlag) != 0;
        bool wantAppendTime = type == TimestampType.LogAppendTime;
        if (isAppendTime == wantAppendTime
            && BinaryPrimitives.ReadInt64BigEndian(batch[MaxTimestampAt..]) == maxTimestampMs)
        {
            return;
        }

        const short known =
            CompressionMask | TransactionalFlag | ControlFlag | DeleteHorizonFlag;
        short changed = (short)((attributes & known) | (wantAppendTime ? TimestampTypeFlag : 0));
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], changed);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], maxTimestampMs);
        UpdateCrc(batch);
    }

    /// <summary>Stamps the identity of an idempotent producer on a closed batch (KIP-98).</summary>
    public static void SetProducerState(Span<byte> batch, long producerId, short epoch, int baseSequence)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdAt..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochAt..], epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceAt..], baseSequence);
        UpdateCrc(batch);
    }

    /// <summary>Computes and stores the checksum.</summary>
    public static void UpdateCrc(Span<byte> batch)
    {
        int size = LogOverhead + BinaryPrimitives.ReadInt32BigEndian(batch[LengthAt..]);
        uint crc = Crc32C.Compute(batch[AttributesAt..size]);
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], crc);
    }
}
