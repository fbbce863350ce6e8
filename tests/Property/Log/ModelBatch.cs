using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Property.Log;

/// <summary>A batch as it must lie in the log.</summary>
internal sealed class ModelBatch
{
    public ModelBatch(byte[] bytes)
    {
        Bytes = bytes;
        Assert.True(RecordBatchView.TryParse(bytes, out RecordBatchView view));
        BaseOffset = view.BaseOffset;
        LastOffset = view.LastOffset;
        Epoch = view.PartitionLeaderEpoch;
        ProducerId = view.ProducerId;
        ProducerEpoch = view.ProducerEpoch;
        LastSequence = view.LastSequence;
    }

    public byte[] Bytes { get; }

    public long BaseOffset { get; }

    public long LastOffset { get; }

    public int Epoch { get; }

    public long ProducerId { get; }

    public short ProducerEpoch { get; }

    public int LastSequence { get; }

    public IEnumerable<(long Ms, long Offset, int Epoch)> Records()
    {
        List<(long Ms, long Offset, int Epoch)> records = [];
        Assert.True(RecordBatchView.TryParse(Bytes, out RecordBatchView view));
        using var reader = new RecordReader(view);
        while (reader.MoveNext())
        {
            records.Add((reader.Current.Timestamp, reader.Current.Offset, Epoch));
        }

        return records;
    }
}
