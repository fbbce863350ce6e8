using System.Buffers.Binary;
using static KRaftSharp.Protocol.Records.RecordBatchLayout;

namespace KRaftSharp.Log.Producers;

/// <summary>What the header of a batch says of its producer.</summary>
internal readonly record struct ProducerHeader(
    long ProducerId,
    short Epoch,
    int BaseSequence,
    long BaseOffset,
    int LastOffsetDelta,
    long MaxTimestampMs,
    bool IsTransactional,
    bool IsControl)
{
    public bool HasProducerId => ProducerId > NoProducerId;

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public int LastSequence =>
        BaseSequence == NoSequence ? NoSequence : IncrementSequence(BaseSequence, LastOffsetDelta);

    /// <param name="header">At least the header of a batch of format 2.</param>
    public static ProducerHeader Of(ReadOnlySpan<byte> header)
    {
        short attributes = BinaryPrimitives.ReadInt16BigEndian(header[AttributesAt..]);
        return new ProducerHeader(
            BinaryPrimitives.ReadInt64BigEndian(header[ProducerIdAt..]),
            BinaryPrimitives.ReadInt16BigEndian(header[ProducerEpochAt..]),
            BinaryPrimitives.ReadInt32BigEndian(header[BaseSequenceAt..]),
            BinaryPrimitives.ReadInt64BigEndian(header),
            BinaryPrimitives.ReadInt32BigEndian(header[LastOffsetDeltaAt..]),
            BinaryPrimitives.ReadInt64BigEndian(header[MaxTimestampAt..]),
            (attributes & TransactionalFlag) != 0,
            (attributes & ControlFlag) != 0);
    }
}
