using KRaftSharp.Broker.Coordination;
using KRaftSharp.Protocol.Compression;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Coordination;

public sealed class BatchWriterTests
{
    /// <summary>An empty value in its place is passed over when the log is loaded, and never compacted away.</summary>
    [Fact]
    public void Write_Tombstone_HasNoValue()
    {
        using var writer = new BatchWriter(CompressionCodec.None);
        var key = new GroupMetadataKey { Group = "g" };
        Memory<byte> bytes = writer.Write(
            new Decision([new CoordinatorRecord(key, new GroupMetadataValue(), 3), CoordinatorRecord.Tombstone(key)]),
            1000);

        Assert.True(RecordBatchView.TryParse(bytes.Span, out RecordBatchView batch));
        using var records = new RecordReader(batch);
        Assert.True(records.MoveNext());
        Assert.True(records.Current.HasValue);
        Assert.True(records.MoveNext());
        Assert.False(records.Current.HasValue);
    }
}
