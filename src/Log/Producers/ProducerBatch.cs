using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Log.Producers;

/// <summary>One of a producer's last batches: what a retry is recognised by.</summary>
internal readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long TimestampMs)
{
    public int FirstSequence => RecordBatchLayout.DecrementSequence(LastSequence, OffsetDelta);

    public long FirstOffset => LastOffset - OffsetDelta;
}
