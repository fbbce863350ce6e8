using System.Text;
using KRaftSharp.Client;
using KRaftSharp.Client.Sharing;
using KRaftSharp.Protocol.Messages;
using KRaftSharp.Protocol.Records;

namespace KRaftSharp.Tests.Unit.Client.Sharing;

/// <summary>What becomes of acquired offsets: records, gaps, and what cannot be read.</summary>
public sealed class AcquiredRecordsTests
{
    private static readonly TopicPartition Partition = new("t", 0);

    [Fact]
    public void Ranges_GiveTheirRecords_AndSayWhatIsMissing()
    {
        AcquiredRecords acquired = Read([.. Batch(10, 3), .. Batch(15, 2)], (11, 12, 1), (14, 16, 2), (18, 19, 3));

        Assert.Equal(
            [(11, 1), (12, 1), (15, 2), (16, 2)],
            acquired.Records.Select(record => (record.Offset, (int)record.DeliveryCount!)));
        Assert.Equal(
            [new AckRun(14, 14, AckRun.Gap), new AckRun(18, 19, (sbyte)AcknowledgeType.Release)],
            acquired.WithoutRecord);
        Assert.Null(acquired.CorruptAt);
    }

    [Fact]
    public void BatchThatCannotBeRead_IsRejected_TheOthersAreNot()
    {
        byte[] broken = Batch(13, 2);
        broken[^1] ^= 1;

        AcquiredRecords acquired = Read([.. Batch(10, 2), .. broken, .. Batch(15, 1)], (10, 15, 1));

        Assert.Equal([10L, 11, 15], acquired.Records.Select(record => record.Offset));
        Assert.Equal(
            [new AckRun(12, 12, AckRun.Gap), new AckRun(13, 14, (sbyte)AcknowledgeType.Reject)],
            acquired.WithoutRecord);
        Assert.Equal(13, acquired.CorruptAt);
    }

    /// <summary>A broker that lies about offsets costs neither memory nor time.</summary>
    [Fact]
    public void RangesThatAreHuge_OverlapOrRunBackwards_CostNothing()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        AcquiredRecords acquired = Read(
            Batch(0, 2), (0, long.MaxValue - 1, 1), (0, 1, 1), (5, 3, 1), (-7, -3, 1), (0, long.MaxValue, 1));

        Assert.Equal([0L, 1], acquired.Records.Select(record => record.Offset));
        Assert.Equal([new AckRun(2, long.MaxValue - 1, (sbyte)AcknowledgeType.Release)], acquired.WithoutRecord);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static AcquiredRecords Read(byte[] records, params (long First, long Last, short Count)[] ranges)
    {
        ShareFetchResponse.PartitionData part = new() { Records = records };
        part.AcquiredRecords.AddRange(ranges.Select(range => new ShareFetchResponse.AcquiredRecords
        {
            FirstOffset = range.First,
            LastOffset = range.Last,
            DeliveryCount = range.Count,
        }));
        return new AcquiredRecords(Partition, part, checkCrcs: true);
    }

    private static byte[] Batch(long baseOffset, int records)
    {
        using RecordBatchBuilder builder = new(new RecordBatchOptions { BaseOffset = baseOffset });
        for (int i = 0; i < records; i++)
        {
            builder.Append(1, null, Encoding.UTF8.GetBytes($"{baseOffset + i}"));
        }

        return builder.Build().ToArray();
    }
}
